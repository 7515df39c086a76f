/**
 * manufacturers: names of makers as they stand before the ending of their sites (`epson.se`, `support.brother.com`), and the endings of
 * authorities. A link there helps a buyer to a driver, a manual or a recall; no seller can register such a domain.
 */
export const MANUFACTURERS: ReadonlySet<string> = new Set(
  (
    'adidas aeg acer amd apple aruba asus audi beko behringer belkin bmw bosch bosch-home bosch-professional bose braun brother candy canon casio corsair ' +
    'daikin daewoo delonghi dell denon dewalt dji dyson ecovacs electrolux epson fitbit ford fujifilm fujitsu garmin gardena gopro graco grohe haier ' +
    'hansgrohe harman hisense hitachi honda honeywell hp hoover huawei husqvarna ikea indesit intel irobot jbl jvc karcher kaercher kenwood kingston kodak ' +
    'krups lenovo lego lexmark lg liebherr logitech makita marshall mattel medela metabo michelin microsoft miele milwaukeetool moulinex msi nec netgear ' +
    'neff nikon nintendo nokia nvidia omron oneplus onkyo oralb osram panasonic philips pioneer polar ravensburger razer remington ricoh roland roborock ' +
    'rowenta ryobi salomon samsung sandisk seagate seiko sennheiser sharp shimano siemens siemens-home singer smeg sonos sony stihl suunto synology tefal ' +
    'thermomix tomtom toshiba tp-link tplink ubiquiti valve vorwerk vtech wacom wahl wdc westerndigital whirlpool wilo xerox xiaomi yamaha zanussi zotac zebra'
  ).split(' '),
);

export const AUTHORITY =
  /(?:^|\.)(?:gov|gov\.[a-z]{2}|gouv\.[a-z]{2}|gob\.[a-z]{2}|go\.[a-z]{2}|gv\.[a-z]{2}|europa\.eu|bund\.de|admin\.ch|overheid\.nl|baua\.de|zoll\.de|konsumentverket\.se|uokik\.pl)$/;
