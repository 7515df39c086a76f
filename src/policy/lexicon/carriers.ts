/** carriers: registrable domains of parcel carriers and of their tracking pages. A link there helps a parcel to arrive. */
export const CARRIERS: ReadonlySet<string> = new Set(
  (
    'dhl.com dhl.de dhl.fr dhl.es dhl.it dhlparcel.nl dhlparcel.es deutschepost.de ups.com fedex.com tnt.com usps.com ' +
    'dpd.com dpd.de dpd.fr dpd.co.uk dpdgroup.com dpdgroup.co.uk gls-group.com gls-group.eu gls-pakete.de gls-italy.com gls-spain.es ' +
    'myhermes.de hermesworld.com evri.com royalmail.com parcelforce.com yodel.co.uk anpost.com laposte.fr colissimo.fr chronopost.fr ' +
    'mondialrelay.fr mondialrelay.com colisprive.com correos.es correosexpress.com seur.com mrw.es nacex.es poste.it brt.it sda.it ' +
    'inpost.it inpost.pl inpost.co.uk inpost.es poczta-polska.pl post.at post.ch postnl.nl postnord.com postnord.se bpost.be bring.com ' +
    'posti.fi canadapost.ca canadapost-postescanada.ca auspost.com.au japanpost.jp kuronekoyamato.co.jp sagawa-exp.co.jp ' +
    'zto.com sto.cn yto.net.cn yundaex.com ems.com.cn jdl.com 51tracking.com ptt.gov.tr yurticikargo.com araskargo.com.tr mngkargo.com.tr suratkargo.com.tr ' +
    'ctt.pt dpd.pt correios.com.br jadlog.com.br dpd.pl dpd.com.pl gls-poland.com orlenpaczka.pl dpd.nl dpd.be homerr.com budbee.com earlybird.se instabox.se ' +
    'post.japanpost.jp track.kuronekoyamato.co.jp seino.co.jp ctt.es gls-spain.com tipsa.com hrparcel.com dbschenker.com dsv.com ' +
    'yunexpress.com cainiao.com 4px.com sf-express.com 17track.net parcelsapp.com aftership.com'
  ).split(' '),
);
