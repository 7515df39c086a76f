/** en: what English words and phrases mean for the rules. */
import type { Lexicon } from './lexicon.ts';

export const en: Lexicon = {
  language: 'en',
  review:
    'review, reviews, feedback, feedbacks, rating, ratings, rate us, rate our, rate your _ experience, # star*, # out of # star*, ' +
    'your stars, star rating, more stars, your comment*, the comment, this comment, that comment, bad comment*, negative comment*, good comment*, positive comment*, ' +
    'comments, testimonial*, review us, review our product, review our shop, review our store, review our item, review this product, ' +
    'review the product, what you wrote, the negative, your negative, your opinion, ★★★*, # ★',
  positive:
    '5 star*, five star*, 4 or 5 star*, positive review*, positive feedback*, positive rating*, positive comment*, good review*, ' +
    'good feedback, good rating*, great review*, great feedback, nice review*, nice feedback, favorable review*, favourable review*, ' +
    'excellent review*, top rating*, full stars, all the stars, perfect rating, perfect score, perfect five star, ★★★★★, 5 ★',
  negative:
    'negative, bad review*, bad feedback, poor review*, low rating*, bad rating*, low star*, unfavorable, unfavourable',
  cited:
    'in your review, in your feedback, in your comment, in the review, in the feedback, from your review, read your review, saw your review, ' +
    'seen your review, about your review, regarding your review, noticed your review, thank you for your .. review, thanks for your .. review, ' +
    'thank you for your .. feedback, thanks for your .. feedback, thank you for the .. review, thank you for the .. feedback, ' +
    'thanks for the .. review, thanks for the .. feedback, appreciate your feedback, thank you for your .. comment*, ' +
    'your feedback about, your feedback on, thank you for your .. rating, thanks for your .. rating, thanks for your .. comment*',
  post: 'leave, leaves, leaving, left, write, writes, writing, post, posts, posted, posting, submit*, share, sharing, publish*, rate, rates, give us, giving us, gave, drop us, put up, upload*, rate us, review us, review our product, review our shop, review our store, review this product, is live, goes live',
  change:
    'change, changes, changing, changed, update, updates, updating, updated, revise*, revising, edit, edits, edited, editing, amend*, ' +
    'modif*, raise, raised, raising, upgrade*, upgrading, increase*, improve, bump, turn, switch, adjust*, correct, ' +
    'remove, removes, removed, removing, removal, delete*, deleting, deletion, take .. offline, take .. down, took .. down, taken down, taking .. down, ' +
    'takes .. down, withdraw*, retract*, erase*, erasing, cancel, revisit*, reconsider*, rethink*, rewrite*, is gone, disappear*',
  changeIt:
    'changing it, updating it, revising it, deleting it, removing it, editing it, taking it down, change it, update it, revise it, edit it, amend it, modify it, raise it, upgrade it, remove it, delete it, take it down, ' +
    'withdraw it, retract it, erase it, change that, delete that, remove that, it is gone, it s gone, it is removed, it is deleted, ' +
    'it is down, it has been removed, it has been deleted, change to #, change your # to, make it #, make it a #, turn it into',
  gift:
    'gift card*, giftcard*, gift certificate*, e gift, egift*, voucher*, coupon*, a gift, small gift, free gift, little gift, surprise gift, ' +
    'our gift, reward*, bonus, cash, cashback, cash back, percent off, % off, discount*, off your next, money, paypal, ' +
    'your gift, the gift, a present, small present, store credit, free product*, free sample*, loyalty points, prize*, gifts, small thank you',
  remedy:
    'refund*, reimburs*, compensat*, money back, rebate*, free, complimentary, replacement*, replace it, brand new one, new one, ' +
    'full amount, make it up to you, make it right, pay you, free of charge, no charge, for nothing',
  if: 'if, once, when, whenever, after you*, after leaving, after writing, after posting, after deleting, after removing, after changing, after updating, after it, after the review is, after the review has, as soon as, provided, unless, until, upon, only if, the moment, in case',
  exchange:
    'in exchange, in return, as thanks, as a thank*, as our thank*, as a token, as a reward, as a small thank*, for a # star*, for a positive, for a good, ' +
    'for a great, for a nice, for a review, for an honest, for any review, for every review, for each review, for reviews, for leaving, for writing, for posting, ' +
    'for giving us, for your # star*, for your positive, for your honest, for a short review, to say thank*, for a short, for all reviews, for # star*, who gave, who leave*, who write*, who post*',
  get: 'get, gets, receive*, earn, earns, claim, win, enjoy, we will send, we ll send, we send, we will give, we ll give, we give, we refund, we will refund, we ll refund, we reimburse, we ll pay, we pay, we will pay, we will ship, we ll ship, we offer, we will offer, we can offer, we ll offer, we would like to offer, i ll send, i will send, i can offer, is yours, you ll have, waiting for you, i will refund, i ll refund, we transfer, we will transfer, i send, i give',
  ask: 'please, kindly, could you, would you, can you, will you, hope, hoping, ask you, appreciate, grateful, be great if, would help, willing to, request you, want you to, like you to, need you to, would love, pls, plz, help us, may we ask, may i ask, consider, mean a lot, mean the world, means a lot, means the world, beg, if you could, if you can',
  proof:
    'screenshot*, screen shot*, proof, link to your review, link of your review, picture of your review, photo of your review',
  unbound:
    'does not depend, doesn t depend, not dependent, regardless of, whether or not, no matter, independent of, independently of, not linked to, not tied to, not conditional, not a condition, no need to, do not need to, don t need to, do not have to, don t have to, need not, not required to, never ask you to, cannot ask, can t ask, not allowed to, nothing to do with, without any obligation, may not ask, are not permitted, we never offer, we never pay, we never ask, i never ask, i never pay, we do not offer, we don t offer, we do not pay, we don t pay, we do not buy, we don t buy, i do not buy, i don t buy, i don t trade, we don t trade, is not allowed, are not allowed, is forbidden, are forbidden, forbids, prohibits, prohibited, against the rules, against the policy, against policy, may not offer, must not offer, must not, cannot accept, can t accept, cannot offer, can t offer, have to decline, must decline, we decline, i decline, has nothing, no seller may, sellers may not, neither offer, not from us, in any way',
  before: 'before, prior to, instead of, rather than',
  contact:
    'contact us, contact me, reach us, reach out, message us, message me, write to us, write us, email us, let us know, talk to us, tell us, call us, speak to us, contact our, get in touch, come to us',
  unhappy:
    'not happy, unhappy, not satisfied, dissatisfied, unsatisfied, not pleased, disappointed, any problem*, any issue*, any complaint*, if not, less than # star*, fewer than # star*, otherwise, not worth # star*',
  payment:
    'paypal, pay pal, venmo, zelle, cash app, cashapp, western union, moneygram, revolut, payoneer, bank transfer, wire transfer, bank account, bank details, account number, iban, alipay, bitcoin, btc, usdt, crypto, cryptocurrency, ethereum, apple pay, google pay, wise account, bizum, friends and family, friends family',
  payAsk:
    'send us, send me, give us, give me, share your, share us, tell us, tell me, provide us, provide your, provide me, let us have, let us know, let me know, need your, what is your, what s your, reply with, send your, pay us, pay me, pay directly, pay by, pay via, pay through, transfer us, wire us, wire the, transfer the, send the money, send the payment, send payment, pay the seller, your paypal address, your paypal account, your paypal email, your paypal id, your paypal e mail, your bank details, your bank account, your iban',
  payTo:
    'to your paypal, on your paypal, into your paypal, via paypal, through paypal, by paypal, using paypal, over paypal, by bank transfer, via bank transfer, by wire transfer, via wire transfer, to your bank account, into your bank account, via venmo, by venmo, through venmo, to your venmo, via zelle, by zelle, through zelle, with zelle, via cash app, in bitcoin, with bitcoin, in usdt, in crypto, as friends and family, as friends family, by western union, via western union, via revolut, on paypal, with paypal friends, pay pal directly, paypal directly, directly by paypal, directly via paypal, directly through paypal',
  payAround:
    'friends and family, friends family, save the fee*, save fees, save on fees, save the commission, save both of us, avoid the fee*, avoid fees, avoid the commission, skip the fee*, without the fee*, without fees, no fees, fees of the marketplace, marketplace fee*, marketplace s fee*, outside the marketplace, outside of the marketplace, around the marketplace, without the marketplace, instead of the marketplace, off the books',
  payOk:
    'original payment method, original method of payment, original payment, original means, payment method you used, method you used, method you paid, way you paid, you paid with, you paid by, you paid via, you paid through, account you paid with, same payment method, same method, through the marketplace, via the marketplace, by the marketplace, the marketplace, at checkout, accepts, accepted, never ask, do not pay, don t pay, never pay, do not send, don t send, never send',
  none:
    'feel free, hands free, free shipping, bpa free, toll free, duty free, is free to, are free to, lead free, wireless free, sugar free, free returns, free return label, free time, ' +
    'will review, we review, ll review, to review your, to review the, reviewed, reviewing, reviewer*, under review, peer review, review your order*, review your case, review your request, review your return, review your claim, ' +
    'review your cart, review your message, review the case, review the order*, review the details, review the invoice, review the attach*, review the photos, review the pictures, review the instructions, ' +
    'review the manual, review the terms, review it, review this, review these, review the, review your, review of your case, review of your request, review of your claim, review of your return, review of the case, review of the claim, review attached, review our return policy, review our terms, review our instructions, review our faq, review our warranty, ' +
    'energy rating*, power rating*, voltage rating*, ip rating*, age rating*, credit rating, current rating, temperature rating, water rating, waterproof rating, load rating, weight rating, amp rating, safety rating, fuse rating, rating plate, rating label, rating of the, ' +
    'audio feedback, haptic feedback, force feedback, feedback loop, feedback noise, feedback sound, microphone feedback, feedback control, ' +
    'star screw*, star anise, star wars, star projector, star sticker*, star shaped, star light*, # star hotel, # star screw*, # star energy, # star shape*, # pointed star, star trek, ' +
    'the stars on, stars on the, stars in the, glow in the dark stars, ' +
    'we change*, we updat*, we have updat*, we have chang*, we ve updat*, we ve chang*, we remov*, we have remov*, we ve remov*, we improv*, we have improv*, we will updat*, we will chang*, we will improve, we will remove, we ll updat*, we ll change, we raised, we adjust*, we correct*, ' +
    'change of address, change the address, change your address, in turn, turn on, turn off, cash on delivery, cash register, petty cash, ' +
    'gift card order, gift card you ordered, gift card you bought, the gift card you, gift card code, gift card balance, balance on the gift card, your gift card balance, gift wrap*, gift box, gift receipt, gift message, as a gift, it is a gift, if it s a gift, discount code field, ' +
    'reward points on your card, report*',
};
