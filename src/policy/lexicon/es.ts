/** es: what Spanish words and phrases mean for the rules. */
import type { Lexicon } from './lexicon.ts';

export const es: Lexicon = {
  language: 'es',
  review:
    'reseña, reseñas, opinión, opiniones, valoración, valoraciones, comentario, comentarios, puntuación, calificación, evaluación, # estrella*, estrellas, feedback, review, valórenos, valóranos, lo que escribió, ★★★*, # ★',
  positive:
    '5 estrella*, cinco estrella*, reseña positiva, reseñas positivas, opinión positiva, opiniones positivas, buena reseña, buena opinión, buena valoración, valoración positiva, comentario positivo, buen comentario, comentarios positivos, máxima puntuación, puntuación máxima, buena calificación, calificación positiva, todas las estrellas, ★★★★★, 5 ★',
  negative: 'negativ*, mala reseña, mala opinión, mala valoración, mal comentario, malas opiniones',
  cited:
    'en su reseña, en su opinión, en su comentario, en su valoración, leído su reseña, leído su comentario, leído su opinión, gracias por su .. opinión, gracias por su .. reseña, gracias por su .. valoración, gracias por su .. comentario, gracias por sus .. estrellas, gracias por la .. valoración, gracias por la .. reseña, gracias por tu .. reseña, gracias por tu .. opinión, gracias por tu .. valoración, según su opinión, visto su reseña, visto su valoración',
  post: 'deje, deja, dejar, dejarnos, déjenos, déjanos, dejando, dejen, escriba, escribe, escribir, escribirnos una, publicar, publique, publica, publicada, ponga, pon, poner, ponernos, denos, danos, dar, darnos, comparta, compartir, valorar, valore, puntúe, califique, por dejar, subir, suba, esté publicada, haya publicado',
  change:
    'cambie, cambia, cambiar, cambiara, cambien, cambiando, cambias, cambiase, modific*, modifiqu*, actualiz*, actualic*, edit*, rectifi*, reconsider*, revis*, corregir, corrija, mejorar, mejore, suba, subir, sube, ' +
    'borr*, elimin*, retir*, quit*, suprim*, anular, desaparezca, olvidar',
  changeIt:
    'borrarla, borrarlo, eliminarla, eliminarlo, cambiarla, cambiarlo, modificarla, modificarlo, retirarla, retirarlo, quitarla, quitarlo, la borra, lo borra, la elimina, lo elimina, la cambia, lo cambia, la modifica, la retira, lo retira, actualizarla, a # estrella*, la quita, lo quita',
  gift: 'tarjeta regalo*, tarjetas regalo, tarjeta de regalo, cupón, cupones, vale, vale de, cheque regalo, regalo, regalos, un obsequio, obsequio, descuento*, recompensa*, bono, dinero, efectivo, cashback, puntos de fidelidad, premio, sorteo, producto gratis, % de, detalle, regalamos',
  remedy:
    'reembols*, devolvemos, devolver, devolveremos, devolución, compens*, indemniz*, gratis, gratuito, gratuita, sin coste, nuevo producto, uno nuevo, reemplazo, recambio, abono, abonamos',
  if: 'si, cuando, una vez, en cuanto, tras, después de, siempre que, a condición, al, en caso',
  exchange:
    'a cambio, como agradecimiento, en agradecimiento, como recompensa, por una reseña, por una opinión, por una valoración, por su reseña, por su opinión, por cada reseña, por cada opinión, por # estrella*, por una buena, por dejar, por escribir, por un comentario, como regalo por, para agradecer',
  get: 'reciba, recibe, recibir, recibirá, recibirás, obtenga, obtén, obtener, obtendrá, consiga, consigue, gane, gana, llévese, le devolvemos, le devolveremos, te devolvemos, le enviamos, le enviaremos, te enviamos, le mandamos, te mandamos, le regalamos, te regalamos, le reembolsamos, le ofrecemos, ofrecerle, le daremos, le damos, te damos, te daremos, le espera, le abonamos, le haremos, le reembolsaremos, disfrute',
  ask: 'por favor, podría, podrías, puede, puedes, le pedimos, te pedimos, rogamos, esperamos, espero, esperanza, agradecer*, agradece*, nos gustaría, gustaría, le importaría, sería, ayúdenos, ayúdanos, ayudarnos, quisiera, le rogamos, le ruego, considere, le agradec*',
  proof:
    'captura*, captura de pantalla, pantallazo*, prueba de, enlace de su opinión, enlace a su reseña, foto de su reseña, enlace de la reseña',
  unbound:
    'no depende, independientemente, sin condición, sin compromiso, no es necesario, no hace falta, no tiene que, no está obligado, sea cual sea, no pedimos, no podemos, no está ligado, no está relacionado, no condiciona, prohib*, no está permitido, no se permite, no nos permite, no compramos, no compro, no acepto, no aceptamos, rechaz*, declin*, no ofrecemos, no ofrezco, no puedo, no podemos aceptar',
  before: 'antes, en lugar de, en vez de',
  contact:
    'contáctenos, contáctanos, contacte, contactar, escríbanos, escríbenos, llámenos, díganos, póngase en contacto, hable con nosotros, avísenos, contacta con',
  unhappy:
    'no está satisfech*, insatisfech*, descontent*, problema*, de lo contrario, si no, menos de # estrella*, no está content*, no le gusta',
  payment:
    'paypal, bizum, iban, transferencia, transferencia bancaria, cuenta bancaria, datos bancarios, número de cuenta, western union, bitcoin, cripto*, usdt, revolut, amigos y familiares, wise',
  payAsk:
    'envíenos, envíanos, envíeme, mándenos, mándanos, díganos, dinos, dígame, facilítenos, facilítanos, indíquenos, indíquenos su, denos, deme, su cuenta de paypal, su cuenta paypal, su paypal, tu paypal, su iban, tu iban, sus datos bancarios, su número de cuenta, su cuenta bancaria, páguenos, pague, pagar directamente, haga una transferencia, necesitamos su, cuál es su, hacer una transferencia, pásenos, pásanos, su correo de paypal',
  payTo:
    'por paypal, vía paypal, a través de paypal, mediante paypal, a su paypal, en su paypal, a su cuenta de paypal, por bizum, mediante bizum, por transferencia, por transferencia bancaria, mediante transferencia, en su cuenta bancaria, a su cuenta bancaria, en bitcoin, por western union, como amigos, con paypal, en criptomonedas, a su cuenta',
  payAround:
    'amigos y familiares, amigos y familia, ahorrar la comisión, ahorramos la comisión, ahorrar las comisiones, evitar la comisión, evitar las comisiones, fuera de la plataforma, fuera del marketplace, sin la plataforma',
  payOk:
    'método de pago original, medio de pago original, forma de pago original, método de pago utilizado, mismo método de pago, medio de pago utilizado, forma de pago utilizada, usted pagó, pagó con, que utilizó, ha pagado, marketplace, el mercado, la plataforma, nunca, jamás, no pague, no envíe, al comprar, en la compra, a través del marketplace',
  none:
    'destornillador de estrella, tornillo* de estrella, hotel de # estrella*, hotel # estrella*, envío gratis, envío gratuito, devolución gratuita, devolución gratis, nota de abono, sin cargo adicional, revisar su, revisaremos, revisamos, revisión, revisado, revise, revisar, evaluación de daños, evaluación del daño, evaluación de los, ' +
    'tarjeta regalo que, pedido de tarjeta regalo, saldo de la tarjeta regalo, envuelto para regalo, papel de regalo, para regalo, cambiar la dirección, cambiar de dirección, cambiar la talla, cambio de dirección, hemos cambiado, hemos modificado, hemos actualizado, hemos mejorado, actualizaremos, vamos a cambiar, puede quedar*, vale la pena, vale para, proceso de devolución, etiqueta de devolución, ' +
    'solicitud de devolución, devolver el producto, devolver el artículo, de devolución, en mi opinión, editor, edición, antes de las, cambio de opinión, cambiado de opinión, cambia de opinión, cambiar de opinión, si no recibe, si no le llega, al recibir, al recibo, el recambio, un recambio, quitar la película, quite la, quitar el',
};
