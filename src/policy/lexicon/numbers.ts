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
  'ordine|spedizione|tracciamento|tracking|pacco|fattura|articolo|seriale|reso|cliente|partita|matricola';

export const LABELS = new RegExp(`(?<![\\p{L}])(?:${PHONE}|${OTHER})(?![\\p{L}])`, 'gu');
export const IS_PHONE = new RegExp(`^(?:${PHONE})$`, 'u');
