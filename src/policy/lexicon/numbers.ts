/** numbers: digits in words, and the words that say what a number is. Folded: lower case, without marks. */
export const DIGIT_WORDS: ReadonlySet<string> = new Set(
  (
    'zero oh one two three four five six seven eight nine double triple ' +
    'null eins zwei zwo drei vier funf fuenf sechs sieben acht neun ' +
    'un deux trois quatre cinq sept huit neuf ' +
    'cero uno dos tres cuatro cinco seis siete ocho nueve ' +
    'due tre quattro cinque sei sette otto nove'
  ).split(' '),
);

const PHONE =
  'call|calls|phone|telephone|tel|mobile|cell|text|sms|whatsapp|ring|hotline|telefon|telefonnummer|handy|handynummer|mobil|ruf|rufen|anruf|anrufen|' +
  'appel|appelez|telephonez|portable|joindre|joignable|llame|llamar|llamenos|llamenme|telefono|movil|chiami|chiamare|chiamateci|cellulare|viber|fon';
const OTHER =
  'order|orders|tracking|parcel|shipment|consignment|invoice|serial|part|item|article|sku|ean|upc|gtin|asin|isbn|imei|ref|reference|model|customer|case|' +
  'ticket|return|rma|vat|iban|account|batch|lot|version|firmware|barcode|hs|waybill|awb|label|claim|transaction|id|code|pin|postcode|zip|' +
  'bestellung|bestellnummer|bestell|sendung|sendungsnummer|paket|paketnummer|rechnung|rechnungsnummer|artikel|artikelnummer|seriennummer|' +
  'kundennummer|auftrag|auftragsnummer|vorgang|retoure|ust|ustidnr|charge|' +
  'commande|colis|suivi|facture|article|serie|client|dossier|retour|tva|' +
  'pedido|seguimiento|envio|paquete|factura|articulo|cliente|devolucion|' +
  'serienummer|serienr|kolli|spedisjon|bonnummer|bestelling|zending|pakketnummer|factuur|onderdeel|klantnummer|zamowienie|zamowienia|przesylka|przesylki|paczka|paczki|numer seryjny|seryjny|czesci|faktura|faktury|nip|' +
  'encomenda|rastreio|rastreamento|serie|peca|nota|cnpj|cpf|nif|fatura|sparning|sparningsnummer|kollinummer|artikelnummer|ordernummer|bestallning|orgnr|' +
  'seri|parca|takip|gonderi|siparis|kargo takip|fatura|vergi|guia|rastreo|referencia|pieza|nif|cif|siret|siren|reference|pieza|hrb|partnr|teilenummer|referenz|oem|' +
  '追跡番号|伝票番号|お問い合わせ番号|注文番号|型番|製造番号|品番|登録番号|单号|運單|运单|订单|訂單|追踪号|型号|型號|货号|貨號|序列号|序號|零件|税号|' +
  'ordine|spedizione|tracciamento|tracking|pacco|fattura|articolo|seriale|reso|cliente|partita|matricola';

// Signs of Han and kana stand without spaces, so the borders hold for other letters only.
export const LABELS = new RegExp(`(?<![a-z])(?:${PHONE}|${OTHER})(?![a-z])`, 'gu');
export const IS_PHONE = new RegExp(`^(?:${PHONE})$`, 'u');
