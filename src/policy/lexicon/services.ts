/** services: hosts of messengers and of free mail, by the names that people write. */
export const MESSENGER_HOSTS: ReadonlySet<string> = new Set(
  (
    'wa.me api.whatsapp.com chat.whatsapp.com whatsapp.com t.me telegram.me telegram.dog line.me lin.ee u.wechat.com wechat.com ' +
    'weixin.qq.com m.me messenger.com signal.me signal.group viber.com vb.me skype.com join.skype.com discord.gg discord.com ' +
    'instagram.com ig.me facebook.com fb.me snapchat.com threema.id open.kakao.com zalo.me tiktok.com'
  ).split(' '),
);

export const FREE_MAIL: ReadonlySet<string> = new Set(
  (
    'gmail googlemail yahoo hotmail outlook live icloud gmx web proton protonmail aol yandex mail qq 163 126 foxmail orange wanadoo free ' +
    'laposte libero virgilio tiscali alice t-online freenet'
  ).split(' '),
);
