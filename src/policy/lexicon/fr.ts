/** fr: what French words and phrases mean for the rules. */
import type { Lexicon } from './lexicon.ts';

export const fr: Lexicon = {
  language: 'fr',
  review:
    'avis, commentaire, commentaires, évaluation, évaluations, # étoile*, étoiles, votre note, la note, une note, note de #, notez nous, notez notre, ' +
    'retour client, témoignage*, appréciation, feedback, review, critique négative, ★★★*, # ★, ce que vous avez écrit',
  positive:
    '5 étoile*, cinq étoile*, avis positif*, bon avis, bons avis, avis favorable*, commentaire positif, commentaires positifs, bon commentaire, bonne note, ' +
    'évaluation positive, bonne évaluation, excellente note, meilleure note, note maximale, excellent avis, toutes les étoiles, très bon avis, ★★★★★, 5 ★',
  negative: 'négatif*, négative*, mauvais avis, mauvaise note, mauvais commentaire, critique',
  cited:
    'dans votre avis, dans votre commentaire, votre avis signale, lu votre avis, lu votre commentaire, vu votre avis, merci pour votre .. avis, merci de votre .. avis, merci pour votre .. commentaire, ' +
    'merci pour votre .. évaluation, merci pour vos .. étoiles, merci pour votre .. note, suite à votre avis, suite à votre commentaire, à votre avis, merci pour les .. étoiles, merci pour cet avis',
  post: 'laissez, laisser, laissé, laissant, laissiez, publier, publiez, publié, publiée, poster, postez, posté, écrire, écrivez, rédiger, rédigez, déposer, déposez, donner, donnez, mettre, mettez, attribuez, attribuer, partager, partagez, notez nous, en ligne, noter, évaluez, évaluer',
  change:
    'modifi*, chang*, revoir, revoyez, reconsid*, mettre à jour, mettez à jour, mise à jour, corrig*, rectifi*, améliorer, augmenter, augmentez, passez, passer, remont*, ' +
    'supprim*, suppression, retir*, retrait, effac*, enlev*, annuler, disparaît*, disparu',
  changeIt:
    'le supprim*, la supprim*, l effac*, le retir*, la retir*, le modifi*, la modifi*, supprimez le, supprimez la, modifiez le, modifiez la, retirez le, le changer, la changer, passez à #, passer à #, le passer à #, l enlev*',
  gift: 'bon d achat, bons d achat, bon de réduction, carte cadeau*, cartes cadeau*, chèque cadeau*, chèque, cadeau, cadeaux, petit cadeau, code promo, remise, réduction, rabais, prime, récompens*, cashback, espèces, argent, offert, offerte, points de fidélité, produit gratuit, tirage au sort, % de, petite surprise, % sur',
  remedy:
    'rembours*, dédommag*, compens*, indemnis*, gratuit*, gratis, sans frais, nouvel appareil, neuf, remplacement, geste commercial, avoir',
  if: 'si, s il, s ils, une fois, dès que, dès, après, lorsque, quand, à condition, en cas, tant que',
  exchange:
    'en échange, en contrepartie, en retour, contre un avis, contre une évaluation, pour un avis, pour tout avis, pour chaque avis, pour votre avis, pour un commentaire, pour une note, pour # étoile*, en remerciement, pour vous remercier, en guise de remerciement, pour une évaluation, contre # étoile*',
  get: 'recevoir, recevez, recevrez, reçois, obtenez, obtenir, obtiendrez, gagnez, gagner, profitez, bénéficiez, nous vous remboursons, nous vous rembourserons, nous remboursons, nous vous offrons, nous vous offrirons, nous vous envoyons, nous vous enverrons, on vous offre, on vous rembourse, on vous envoie, je vous rembourse, je vous offre, vous attend, nous offrons, est à vous, remboursons',
  ask: 's il vous plaît, svp, veuillez, merci de, pourriez, pouvez vous, pouvez, espérons, espère, seriez, souhait*, serait, prions, prie, demandons, aimerions, nous aider, reconnaissants, n hésitez pas, voudriez, voulez vous, bien vouloir, aidez',
  proof: 'capture d écran, capture*, preuve, lien de l avis, lien vers l avis, photo de votre avis, lien de votre avis',
  unbound:
    'ne dépend pas, indépendamment, indépendant*, sans condition, sans contrepartie, pas obligé, n êtes pas obligé, quel que soit, quelle que soit, inutile de, pas besoin de, n est pas nécessaire, ne demandons pas, ne pouvons pas, aucun lien, n avons pas le droit, n est pas lié, interdit*, interdi*, pas autorisé*, pas le droit, n achetons pas, n achète pas, n accepte*, refus*, décline*, n offrons, ne proposons, ne propose, n influence, vous pouvez vous même, aucune contrepartie',
  before: 'avant, au lieu de, plutôt que',
  contact:
    'contactez nous, contactez, nous contacter, écrivez nous, nous écrire, appelez nous, parlez nous, revenez vers nous, dites le nous, adressez vous',
  unhappy:
    'pas satisfait*, insatisfait*, mécontent*, sinon, problème*, déçu*, dans le cas contraire, pas content*, moins de # étoile*',
  payment:
    'paypal, iban, rib, coordonnées bancaires, virement, compte bancaire, virement bancaire, western union, lydia, wise, revolut, bitcoin, crypto*, usdt, entre proches, proches, paylib, wero',
  payAsk:
    'envoyez nous, envoyez moi, donnez nous, donnez moi, communiquez nous, communiquez moi, transmettez nous, indiquez nous, indiquez moi, fournissez nous, votre adresse paypal, votre compte paypal, votre iban, votre rib, vos coordonnées bancaires, payez, payer directement, réglez, quel est votre, faites un virement, besoin de votre, faire un virement',
  payTo:
    'par paypal, via paypal, sur paypal, sur votre paypal, sur votre compte paypal, par virement, par virement bancaire, sur votre compte bancaire, en bitcoin, par western union, par lydia, entre proches, directement sur votre compte, avec paypal, en crypto*',
  payAround:
    'entre proches, économiser les frais, économise les frais, éviter les frais, éviter la commission, sans les frais, frais du site, frais de la plateforme, hors de la plateforme, en dehors de la plateforme, sans la plateforme',
  payOk:
    'moyen de paiement initial, moyen de paiement d origine, mode de paiement initial, mode de paiement d origine, moyen de paiement utilisé, mode de paiement utilisé, vous avez payé, vous avez utilisé, place de marché, marketplace, ne payez jamais, jamais, ne payez pas, n envoyez jamais, n envoyez pas, lors de l achat, lors de votre achat',
  none:
    'avis de passage, avis d expédition, avis de livraison, avis de réception, accusé de réception, note de crédit, note de frais, note d information, note que, notez que, tournevis étoile, vis étoile*, # étoiles hotel, hôtel # étoile*, hôtel .. étoile*, ' +
    'évaluation des dégâts, évaluation du dommage, évaluation de votre dossier, livraison gratuite, retour gratuit, retours gratuits, carte cadeau commandée, la carte cadeau que, commande de carte cadeau, emballage cadeau, papier cadeau, ' +
    'nous avons modifié, nous avons changé, nous avons mis à jour, nous modifions, nous changeons, changer d adresse, changer l adresse, modifier l adresse, si vous souhaitez changer la taille, retrait en magasin, point de retrait, point retrait, le retrait, de passer, changement d avis, changer d avis, changé d avis, changez d avis, votre critique, ' +
    'après réception, après vente, après avoir, numéro vert gratuit, neuf heures, à neuf, vous avez, sauf avis, avoir',
};
