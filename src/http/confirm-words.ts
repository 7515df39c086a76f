/**
 * confirm-words: what the page says that asks a buyer, in the languages that we write in, and how it looks.
 */
import type { Answered } from '../cases/confirm.ts';
import type { Language } from '../mail/ask.ts';

interface Told {
  readonly title: string;
  readonly text: string;
}

export interface PageWords {
  readonly title: string;
  readonly what: string;
  readonly order: string;
  readonly came: string;
  readonly choice: string;
  readonly always: string;
  readonly alwaysMeans: string;
  readonly yes: string;
  readonly no: string;
  readonly quiet: string;
  /** `count` is at least 2, `last` when the newest of them came. */
  readonly several: (count: number, last: string) => string;
  /** The addresses that the buyer has allowed. */
  readonly allowed: {
    readonly link: string;
    readonly title: string;
    readonly what: string;
    readonly none: string;
    readonly since: (time: string) => string;
    /** For one of which nothing is kept that could be shown. */
    readonly unnamed: string;
    readonly remove: string;
  };
  /** `notFound` is for links that we never made, that are over, or whose message is gone: the same words for all of them. */
  readonly told: Readonly<Record<Answered | 'failed' | 'notFound' | 'otherMethod' | 'tooMany', Told>>;
}

export const WORDS: Readonly<Record<Language, PageWords>> = {
  en: {
    title: 'Did you write to the seller?',
    what: 'A message for the seller of your order came from an address that is not registered for it, or without proof that you sent it. We have kept it back and told its sender nothing.',
    order: 'Order',
    came: 'Received',
    choice:
      'If you have just written from another address, say so, and the seller gets your message. The seller never sees that address.',
    always: 'Always accept mail from that address for this order',
    alwaysMeans: 'Its mail must show that it is genuine. Choose this only if the address is yours.',
    yes: 'Yes, that was me',
    no: 'No, that was not me',
    quiet:
      'If you are not sure, close this page: without your answer the message is thrown away, unless the marketplace looks at it and lets it go.',
    several: (count, last) =>
      `${count} messages wait that came from one and the same address, the last one on ${last}. Your answer counts for all of them: if one of them is not yours, say no.`,
    allowed: {
      link: 'Addresses that you have allowed for this order',
      title: 'Addresses that you have allowed',
      what: 'Mail from these addresses goes to the seller of your order without a question, when it is genuine. We show a part of each only.',
      none: 'There are none. Mail from any other address than your registered one is asked about.',
      since: (time) => `Allowed on ${time}`,
      unnamed: 'An address',
      remove: 'Allow no longer',
    },
    told: {
      notFound: {
        title: 'This link leads nowhere',
        text: 'It is not complete, or its time is over. There is nothing that you need to do: a message that you do not confirm goes to the seller only if the marketplace has looked at it and lets it go.',
      },
      otherMethod: { title: 'That does not work here', text: 'Please open the link in a browser.' },
      tooMany: { title: 'Too many at once', text: 'Please wait a minute, and open the link again.' },
      passed: { title: 'Thank you', text: 'The message goes to the seller now. You can close this page.' },
      held: {
        title: 'Thank you',
        text: 'We know now that it was you. Before the message goes to the seller, the marketplace has to look at it. You need not do anything.',
      },
      refused: {
        title: 'Thank you',
        text: 'The message is not passed on, and whoever wrote it is told nothing. You can close this page.',
      },
      failed: {
        title: 'Please try again',
        text: 'There is trouble on our side, and your answer was not kept. Open the link again in some minutes.',
      },
      already: {
        title: 'This is settled',
        text: 'The question was answered, or the marketplace has decided. There is nothing that you need to do.',
      },
    },
  },
  de: {
    title: 'Haben Sie an den Verkäufer geschrieben?',
    what: 'Eine Nachricht an den Verkäufer Ihrer Bestellung kam von einer Adresse, die dafür nicht eingetragen ist, oder ohne Nachweis, dass sie von Ihnen ist. Wir haben sie zurückgehalten und dem Absender nichts gesagt.',
    order: 'Bestellung',
    came: 'Eingegangen',
    choice:
      'Wenn Sie gerade von einer anderen Adresse geschrieben haben, sagen Sie es hier, und der Verkäufer bekommt Ihre Nachricht. Die Adresse sieht er nie.',
    always: 'E-Mails von dieser Adresse für diese Bestellung immer annehmen',
    alwaysMeans: 'Sie müssen zeigen, dass sie echt sind. Wählen Sie das nur, wenn die Adresse Ihnen gehört.',
    yes: 'Ja, das war ich',
    no: 'Nein, das war ich nicht',
    quiet:
      'Wenn Sie unsicher sind, schließen Sie diese Seite: Ohne Ihre Antwort wird die Nachricht verworfen, außer wenn der Marktplatz sie ansieht und freigibt.',
    several: (count, last) =>
      `${count} Nachrichten warten, die von ein und derselben Adresse kamen, die letzte am ${last}. Ihre Antwort gilt für alle: Wenn eine davon nicht von Ihnen ist, sagen Sie Nein.`,
    allowed: {
      link: 'Adressen, die Sie für diese Bestellung erlaubt haben',
      title: 'Adressen, die Sie erlaubt haben',
      what: 'E-Mails von diesen Adressen gehen ohne Rückfrage an den Verkäufer Ihrer Bestellung, wenn sie echt sind. Wir zeigen von jeder nur einen Teil.',
      none: 'Es gibt keine. Bei E-Mails von einer anderen als Ihrer eingetragenen Adresse fragen wir nach.',
      since: (time) => `Erlaubt am ${time}`,
      unnamed: 'Eine Adresse',
      remove: 'Nicht mehr erlauben',
    },
    told: {
      notFound: {
        title: 'Dieser Link führt nirgendwohin',
        text: 'Er ist nicht vollständig, oder seine Zeit ist um. Sie müssen nichts tun: Eine Nachricht, die Sie nicht bestätigen, geht nur dann an den Verkäufer, wenn der Marktplatz sie angesehen hat und freigibt.',
      },
      otherMethod: { title: 'Das geht hier nicht', text: 'Bitte öffnen Sie den Link in einem Browser.' },
      tooMany: {
        title: 'Zu viele auf einmal',
        text: 'Bitte warten Sie eine Minute, und öffnen Sie den Link dann wieder.',
      },
      passed: {
        title: 'Vielen Dank',
        text: 'Die Nachricht geht jetzt an den Verkäufer. Sie können diese Seite schließen.',
      },
      held: {
        title: 'Vielen Dank',
        text: 'Wir wissen jetzt, dass Sie es waren. Bevor die Nachricht an den Verkäufer geht, muss der Marktplatz sie ansehen. Sie müssen nichts tun.',
      },
      refused: {
        title: 'Vielen Dank',
        text: 'Die Nachricht wird nicht weitergegeben, und wer sie geschrieben hat, erfährt nichts. Sie können diese Seite schließen.',
      },
      failed: {
        title: 'Bitte versuchen Sie es noch einmal',
        text: 'Bei uns gibt es eine Störung, und Ihre Antwort ist nicht angekommen. Öffnen Sie den Link in einigen Minuten wieder.',
      },
      already: {
        title: 'Das ist erledigt',
        text: 'Die Frage wurde beantwortet, oder der Marktplatz hat entschieden. Sie müssen nichts tun.',
      },
    },
  },
  fr: {
    title: 'Avez-vous écrit au vendeur ?',
    what: "Un message pour le vendeur de votre commande est venu d'une adresse qui n'est pas enregistrée pour elle, ou sans preuve qu'il vient de vous. Nous l'avons retenu et n'avons rien dit à son expéditeur.",
    order: 'Commande',
    came: 'Reçu',
    choice:
      "Si vous venez d'écrire depuis une autre adresse, dites-le ici : le vendeur recevra votre message. Il ne voit jamais cette adresse.",
    always: 'Toujours accepter les messages de cette adresse pour cette commande',
    alwaysMeans:
      "Ils doivent montrer qu'ils sont authentiques. Ne choisissez ceci que si cette adresse vous appartient.",
    yes: "Oui, c'était moi",
    no: "Non, ce n'était pas moi",
    quiet:
      "En cas de doute, fermez cette page : sans réponse de votre part, le message sera supprimé, sauf si la place de marché l'examine et l'autorise.",
    several: (count, last) =>
      `${count} messages attendent, venus d'une seule et même adresse, le dernier le ${last}. Votre réponse vaut pour tous : si l'un d'eux n'est pas de vous, répondez non.`,
    allowed: {
      link: 'Adresses que vous avez autorisées pour cette commande',
      title: 'Adresses que vous avez autorisées',
      what: "Les messages de ces adresses vont au vendeur de votre commande sans question, s'ils sont authentiques. Nous ne montrons qu'une partie de chacune.",
      none: "Il n'y en a aucune. Pour un message venu d'une autre adresse que celle enregistrée, nous vous posons la question.",
      since: (time) => `Autorisée le ${time}`,
      unnamed: 'Une adresse',
      remove: 'Ne plus autoriser',
    },
    told: {
      notFound: {
        title: 'Ce lien ne mène nulle part',
        text: "Il est incomplet, ou son délai est passé. Vous n'avez rien à faire : un message que vous ne confirmez pas ne va au vendeur que si la place de marché l'a examiné et l'autorise.",
      },
      otherMethod: { title: 'Cela ne marche pas ici', text: 'Veuillez ouvrir le lien dans un navigateur.' },
      tooMany: { title: 'Trop à la fois', text: 'Veuillez attendre une minute, puis ouvrez de nouveau le lien.' },
      passed: { title: 'Merci', text: 'Le message part maintenant vers le vendeur. Vous pouvez fermer cette page.' },
      held: {
        title: 'Merci',
        text: "Nous savons maintenant que c'était vous. Avant que le message parte vers le vendeur, la place de marché doit l'examiner. Vous n'avez rien à faire.",
      },
      refused: {
        title: 'Merci',
        text: "Le message n'est pas transmis, et son auteur n'en saura rien. Vous pouvez fermer cette page.",
      },
      failed: {
        title: 'Veuillez réessayer',
        text: "Nous avons un incident, et votre réponse n'a pas été enregistrée. Ouvrez le lien de nouveau dans quelques minutes.",
      },
      already: {
        title: 'Cette question est réglée',
        text: "Elle a reçu une réponse, ou la place de marché a décidé. Vous n'avez rien à faire.",
      },
    },
  },
};

export const CONFIRM_STYLE = `
:root { color-scheme: light dark; --ink: #1d2430; --quiet: #556070; --line: #d9dee6; --page: #fbfcfd; --press: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ebf0; --quiet: #a5afbd; --line: #4a5462; --page: #14181e; --press: #8ab8f0; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 17px/1.6 system-ui, sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 3rem 1.25rem 6rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1.25rem; }
p { margin: 0 0 1.25rem; }
dl { margin: 0 0 1.25rem; padding: .75rem 0; border: solid var(--line); border-width: 1px 0; display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: 1rem 0; border-bottom: 1px solid var(--line); }
li p { margin: 0 0 .5rem; overflow-wrap: anywhere; }
a { color: var(--press); }
dt, .quiet, #always-means { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.always { display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; margin: 0 0 1.5rem; }
.always input { width: 1.35rem; height: 1.35rem; margin: .2rem 0 0; accent-color: var(--press); }
#always-means { grid-column: 2; margin: 0; font-size: .92rem; }
.answers { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 1.5rem; }
button { min-height: 3rem; padding: .6rem 1.25rem; border: 2px solid var(--press); border-radius: .5rem; font: inherit; background: var(--page); color: var(--press); cursor: pointer; }
.never { position: absolute; width: 1px; height: 1px; min-height: 0; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); }
button:focus-visible, input:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
@media (max-width: 30rem) { .answers button { flex: 1 1 100%; } }
`;
