/** de: what German words and phrases mean for the rules. */
import type { Lexicon } from './lexicon.ts';

export const de: Lexicon = {
  language: 'de',
  review:
    'bewertung, bewertungen, rezension*, beurteilung, beurteilungen, feedback, # stern*, sterne, sternen, sternebewertung, sterne bewertung, kommentar, ' +
    'ihren kommentar, review, reviews, bewerten sie uns, bewerten uns, produktbewertung*, kundenbewertung*, verkäuferbewertung*, ★★★*, # ★',
  positive:
    '5 stern*, fünf stern*, positive bewertung*, positiven bewertung*, gute bewertung*, guten bewertung*, positive rezension*, positiven rezension*, ' +
    'gute rezension*, guten rezension*, positives feedback, gutes feedback, tolle bewertung*, positive beurteilung*, positive # stern*, top bewertung*, ' +
    'bestbewertung, volle punktzahl, alle sterne, positiv bewerten, gut bewerten, 5 ★, ★★★★★',
  negative: 'negativ*, schlechte bewertung*, schlechten bewertung*, schlechte rezension*, kritische bewertung*',
  cited:
    'in ihrer bewertung, in ihrer rezension, ihrer bewertung entnehme*, ihre bewertung gelesen, ihre rezension gelesen, danke für ihre .. bewertung, ' +
    'danke für ihr .. feedback, danke für ihre .. rezension, vielen dank für ihre .. bewertung, vielen dank für ihr .. feedback, dank für die .. bewertung, ' +
    'dank für ihre .. rezension, danke für die .. bewertung, dank für das .. feedback, aus ihrer bewertung, wegen ihrer bewertung, zu ihrer bewertung, danke für die .. rezension',
  post: 'schreiben, schreibe, schreibt, hinterlassen, hinterlässt, hinterlasse, abgeben, geben sie, gib uns, verfassen, veröffentlich*, posten, teilen, bewerten, bewertest, bewerte uns, bewerten sie, abzugeben, zu schreiben, zu hinterlassen, vergeben, geschrieben, abgegeben, online ist, online stellen',
  change:
    'änder*, geändert, abänder*, anpass*, angepasst, passen .. an, überdenk*, überarbeit*, aktualisier*, korrigier*, revidier*, umwandel*, verbesser*, ' +
    'ändern, lösch*, gelöscht, entfern*, zurückzieh*, zurückzuzieh*, zurückgezogen, zurücknehm*, zurückzunehm*, ziehen .. zurück, nehmen .. zurück, heraufsetz*, hochsetz*, erhöh*, anheb*, verschwind*, weg ist, weg',
  changeIt:
    'sie löschen, sie entfernen, sie ändern, diese löschen, diese ändern, diese entfernen, sie anpassen, sie zurückziehen, ändern sie .. auf #, # auf # stern*, ihn löschen, ihn entfernen, sie zurücknehmen, sie gelöscht, sie entfernt, sie geändert, auf # ändern',
  gift: 'gutschein*, geschenkkarte*, geschenkgutschein*, geschenk, geschenke, kleines geschenk, rabatt*, preisnachlass, nachlass, prämie*, bonus, cashback, bargeld, geldbetrag, einkaufsgutschein*, treuepunkte, gewinnspiel, überraschung, prozent auf, % auf, % rabatt, aufmerksamkeit, gratisprodukt*, belohn*',
  remedy:
    'erstatt*, erstatten, rückerstatt*, zurückerstatt*, rückzahl*, geld zurück, zurückzahl*, entschädig*, kompensation, gratis, kostenlos*, kostenfrei*, umsonst, neues gerät, ersatz, ersatzgerät, ersatzlieferung, wiedergutmach*, überweisen, überweisen wir',
  if: 'wenn, sobald, falls, sofern, nachdem, sollten sie, vorausgesetzt, erst wenn, nach, im falle',
  exchange:
    'im gegenzug, als gegenleistung, als dankeschön, als dank, als kleines dankeschön, zum dank, dafür, im austausch, für eine positive, für eine gute, für eine bewertung, ' +
    'für eine ehrliche, für jede bewertung, für eine rezension, für ihre rezension, für eine # stern*, für # stern*, für jede rezension, für das bewerten, für eine kurze',
  get: 'erhalten, erhält, erhältst, bekommen, bekommst, bekommt, sichern, gewinnen, kassieren, schicken wir, senden wir, wir schicken, wir senden, erstatten wir, wir erstatten, überweisen wir, wir überweisen, wir schenken, schenken wir, bieten wir, wir bieten, geben wir, wir geben, gibt es, wartet',
  ask: 'bitte, bitten, könnten sie, würden sie, können sie, wären sie, hoffen, freuen, freuten, dankbar, gern, gerne, bereit, es wäre, möchten sie, bräuchten, helfen sie, helfen uns, unterstützen sie, würde uns, wünschen uns, bittet, überlegen',
  proof:
    'screenshot*, bildschirmfoto*, nachweis, link zu ihrer bewertung, link zur bewertung, foto der bewertung, foto ihrer bewertung',
  unbound:
    'unabhängig, hängt nicht, nicht davon ab, nicht abhängig, keine bedingung, nicht verpflichtet, müssen nicht, müssen sie nicht, brauchen nicht, brauchen sie nicht, ohne gegenleistung, nicht nötig, nicht erforderlich, dürfen nicht, dürfen wir nicht, nichts zu tun, egal ob, verlangen nicht, wir kaufen keine, kaufe keine, ich kaufe keine, nicht erlaubt, nicht gestattet, verboten, untersagt, untersagen, verbieten, dürfen händler, darf ich nicht, darf kein, lehnen wir, lehne ich, ablehnen, wir bieten keine, biete keine, wir bieten keinerlei, weder belohnen, weder bezahlen',
  before: 'bevor, ehe, statt, anstatt, vor einer, vor der',
  contact:
    'kontaktieren, kontaktiere, kontaktieren sie, melden sie sich, schreiben sie uns, wenden sie sich, sprechen sie uns, rufen sie uns, sagen sie uns, uns zu kontaktieren, melde dich, schreib uns, geben sie uns bescheid, kontakt zu uns',
  unhappy:
    'unzufrieden, nicht zufrieden, auszusetzen, wenn nicht, falls nicht, ansonsten, andernfalls, probleme, enttäuscht, weniger als # stern*',
  payment:
    'paypal, iban, bankverbindung, kontonummer, kontodaten, bankdaten, banküberweisung, bitcoin, krypto*, western union, revolut, wise konto, klarna konto, freunde und familie, freunde familie, paypal konto, paypal adresse, überweisung, usdt, bankkonto',
  payAsk:
    'senden sie uns, schicken sie uns, teilen sie uns, nennen sie uns, geben sie uns, schicken sie mir, nennen sie mir, teilen sie mir, ihre paypal*, ihr paypal konto, ihre iban, ihre bankverbindung, ihre kontodaten, ihre bankdaten, ihre kontonummer, zahlen sie, bezahlen sie, überweisen sie, brauchen wir ihre, benötigen wir ihre, wir benötigen ihre, wir brauchen ihre, schick uns, schick mir, deine paypal*, deine iban, brauche deine',
  payTo:
    'per paypal, über paypal, via paypal, mit paypal, auf ihr paypal konto, an ihr paypal konto, auf ihr paypal, an ihre paypal adresse, auf ihr bankkonto, per überweisung, per banküberweisung, auf ihr konto, auf unser konto, an paypal freunde, paypal freunde, per western union, in bitcoin, mit bitcoin, direkt per paypal, direkt über paypal',
  payAround:
    'freunde und familie, freunde familie, gebühren sparen, sparen wir die gebühr*, sparen sie die gebühr*, spart die gebühr*, ohne gebühr*, gebühren des marktplatzes, marktplatzgebühr*, am marktplatz vorbei, außerhalb des marktplatzes, ohne den marktplatz, provision sparen',
  payOk:
    'ursprüngliche zahlungsmittel, ursprüngliches zahlungsmittel, ursprünglichen zahlungsmittel, ursprüngliche zahlungsart, ursprünglichen zahlungsart, ursprüngliche zahlungsmethode, ursprünglichen zahlungsmethode, ursprünglichen zahlungsweg, verwendete zahlungsmittel, verwendete zahlungsart, über den marktplatz, vom marktplatz, durch den marktplatz, der marktplatz, sie bezahlt haben, bezahlt haben, haben sie bezahlt, niemals, zahlen sie nie, zahlen sie nicht, überweisen sie nicht, überweisen sie nie, gezahlt haben, beim kauf',
  none:
    'bewertung des schadens, bewertung ihres falls, bewertung des falls, bewertung der schäden, bewertung des zustands, bewertung der reklamation, sternschraube*, sternschraubendreher*, sternprojektor*, sternanis, ' +
    '# stern hotel*, # sterne hotel*, die sterne an, leuchtsterne, gutschrift, geschenkkarte bestellt, geschenkkarten bestellung, geschenkkarte die, geschenkverpackung, geschenkpapier, als geschenk verpack*, als geschenk, ' +
    'kostenlosen versand, kostenloser versand, versandkostenfrei, wir ändern, wir haben .. geändert, wir haben .. aktualisiert, wir aktualisieren, wir haben .. angepasst, wir passen .. an, wir verbessern, wir haben .. verbessert, geben sie uns bescheid, ' +
    'lieferadresse ändern, adresse ändern, adresse zu ändern, nach erhalt, nach hause, nach ihrer, nach der, nach dem, nach unserer, danach, nach eingang, nach deutschland, negativ pol, gern geschehen, schreiben sie uns, feedback ton, haptisches feedback, haptischem feedback, akustisches feedback, energiebewertung, ' +
    'schutzfolie entfernen, folie entfernen, kopplung löschen, weg zu',
};
