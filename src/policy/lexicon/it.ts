/** it: what Italian words and phrases mean for the rules. */
import type { Lexicon } from './lexicon.ts';

export const it: Lexicon = {
  language: 'it',
  review:
    'recensione, recensioni, commento, commenti, feedback, valutazione, valutazioni, # stell*, stelle, stelline, opinione, opinioni, giudizio, votazione, il voto, suo voto, review, ci valuti, quello che ha scritto, ★★★*, # ★',
  positive:
    '5 stell*, cinque stell*, recensione positiva, recensioni positive, buona recensione, bella recensione, feedback positivo, feedback positivi, valutazione positiva, commento positivo, buon feedback, buona valutazione, massimo dei voti, voto massimo, punteggio massimo, ottima recensione, ★★★★★, 5 ★',
  negative: 'negativ*, brutta recensione, cattiva recensione, recensioni negative',
  cited:
    'nella sua recensione, nel suo commento, nel suo feedback, letto la sua recensione, letto il suo commento, letto il suo feedback, grazie per la sua .. recensione, grazie per il suo .. feedback, grazie per la .. recensione, grazie per il .. feedback, grazie per la sua .. valutazione, grazie per le .. stelle, grazie per il suo .. commento, visto la sua recensione, grazie della .. recensione, grazie del .. feedback, dalla sua recensione',
  post: 'lasci, lascia, lasciare, lasciarci, lasciando, scriva, scrivi, scrivere, pubblicare, pubblichi, pubblica, pubblicata, dia, dare, darci, ci dia, metta, mettere, inserire, inserisca, condivida, condividere, valutare, per aver lasciato, posti, postare, online, rilasciare, rilasci',
  change:
    'modific*, cambi, cambia, cambiare, cambiando, cambiate, cambierà, cambiasse, aggiorn*, rived*, riconsider*, corregg*, rettific*, alzare, alzi, aumentare, aumenti, portare, porti, trasform*, ' +
    'elimin*, rimuov*, rimozione, rimoss*, cancell*, ritir*, toglier*, tolga, togliete, tolto, annullare, sparisce, sparita',
  changeIt:
    'eliminarla, eliminarlo, rimuoverla, rimuoverlo, cancellarla, cancellarlo, modificarla, modificarlo, cambiarla, cambiarlo, aggiornarla, aggiornarlo, la elimina, lo elimina, la rimuove, lo rimuove, la cancella, lo cancella, la modifica, lo modifica, la cambia, lo cambia, ritirarla, ritirarlo, toglierla, toglierlo, a # stell*, la toglie',
  gift: 'buono regalo, buoni regalo, buono da, buono di, buono sconto, buono acquisto, carta regalo, carte regalo, gift card, regalo, regali, un omaggio, in omaggio, omaggio, sconto, sconti, coupon, premio, ricompens*, denaro, contanti, soldi, bonus, cashback, punti fedeltà, prodotto gratis, % di, pensierino, regaliamo',
  remedy:
    'rimbors*, risarc*, compens*, indenni*, gratis, gratuit*, senza costi, prodotto nuovo, uno nuovo, sostituzione, sostitutivo, ricambio, restituiamo, restituire i soldi',
  if: 'se, quando, una volta, appena, non appena, dopo, qualora, a patto, purché, a condizione, nel caso',
  exchange:
    'in cambio, come ringraziamento, per ringraziar*, come ricompensa, per una recensione, per la sua recensione, per ogni recensione, per un feedback, per # stell*, per una valutazione, per aver lasciato, come segno, per una buona, in segno di',
  get: 'riceva, riceve, ricevere, riceverà, riceverai, ricevi, ottenga, ottieni, ottenere, otterrà, vinca, vinci, guadagn*, le rimborsiamo, ti rimborsiamo, la rimborsiamo, le inviamo, ti inviamo, le mandiamo, ti mandiamo, le spediamo, ti spediamo, le regaliamo, ti regaliamo, le offriamo, ti offriamo, offrirti, offrirle, le diamo, ti diamo, le daremo, le invieremo, le rimborseremo, l aspetta, le restituiamo, avrà',
  ask: 'per favore, potrebbe, potresti, può, puoi, potete, potreste, la preghiamo, ti preghiamo, preghiamo, prego, chiediamo, le chiediamo, ti chiediamo, speriamo, spero, gentilmente, vorrebbe, sarebbe, saremmo, grati, ci aiuti, aiutarci, cortesemente, le dispiacerebbe, ci farebbe, farebbe piacere, valuti di, disposto, la prego',
  proof: 'screenshot*, schermata*, prova della, link della recensione, link alla recensione, foto della recensione',
  unbound:
    'non dipende, indipendentemente, senza condizioni, senza impegno, non è necessario, non serve, non deve, non è tenut*, a prescindere, qualunque sia, non chiediamo, non possiamo, non è legat*, non è collegat*, nessun obbligo, se lo ritiene opportuno, vietat*, viet*, non è consentito, non è permesso, non compriamo, non compro, non accetto, non accettiamo, rifiut*, declin*, non offriamo, non offro, non posso',
  before: 'prima, invece di, anziché, piuttosto che',
  contact:
    'ci contatti, contattateci, contattaci, contattarci, ci scriva, scriveteci, scrivici, scriverci, ci chiami, ce lo dica, ci faccia sapere, mettersi in contatto',
  unhappy:
    'insoddisfatt*, non è soddisfatt*, non soddisfatt*, scontent*, problem*, altrimenti, in caso contrario, se no, delus*, meno di # stell*',
  payment:
    'paypal, postepay, iban, bonifico, conto corrente, conto bancario, coordinate bancarie, western union, satispay, revolut, bitcoin, cripto*, usdt, amici e familiari, amici e parenti, ricarica',
  payAsk:
    'ci mandi, ci invii, mandaci, inviaci, ci comunichi, comunicaci, ci dia, ci fornisca, ci indichi, mi mandi, mi invii, il suo paypal, il tuo paypal, il suo conto paypal, il suo indirizzo paypal, il suo iban, il tuo iban, le sue coordinate, i suoi dati bancari, paghi, pagare direttamente, effettui un bonifico, faccia un bonifico, fare un bonifico, abbiamo bisogno del suo, qual è il suo, serve il suo, la sua postepay',
  payTo:
    'su paypal, via paypal, tramite paypal, con paypal, sul suo paypal, sul suo conto paypal, con bonifico, tramite bonifico, via bonifico, con un bonifico, sul suo conto, su postepay, con postepay, in bitcoin, tramite western union, con satispay, come amici, sulla sua postepay, in criptovalute',
  payAround:
    'amici e familiari, amici e parenti, risparmiare la commissione, risparmiare le commissioni, risparmiamo le commissioni, evitare le commissioni, evitare la commissione, fuori dalla piattaforma, fuori dal marketplace, senza la piattaforma',
  payOk:
    'metodo di pagamento originale, metodo di pagamento originario, metodo di pagamento utilizzato, metodo di pagamento usato, stesso metodo di pagamento, mezzo di pagamento originale, ha pagato, pagato con, che ha usato, che ha utilizzato, marketplace, la piattaforma, mai, non paghi, non invii, al momento dell acquisto',
  none:
    'buono stato, in buono, molto buono, cacciavite a stella, viti a stella, vite a stella, hotel a # stell*, hotel # stell*, spedizione gratuita, reso gratuito, resi gratuiti, consegna gratuita, carta regalo che, ordine della carta regalo, confezione regalo, pacco regalo, carta da regalo, un regalo per, ' +
    'valutazione del danno, valutazione dei danni, cambiare l indirizzo, cambiare indirizzo, modificare l indirizzo, cambio di indirizzo, cambiato idea, cambia idea, cambiare idea, abbiamo modificato, abbiamo cambiato, abbiamo aggiornato, abbiamo migliorato, aggiorneremo, stiamo aggiornando, punto di ritiro, ritiro presso, ritirare il pacco, il ritiro, ritirare presso, se non riceve, se non arriva, prima delle, nota di credito, dopo la ricezione, dopo aver ricevuto, pellicola protettiva, toglier* la pellicola, tolga la pellicola, prima possibile',
};
