import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RealAddress } from '../../../src/core/real-address.ts';
import { rebuildHtml } from '../../../src/mail/mask/html.ts';
import { spellingsOf } from '../../../src/mail/traces.ts';

const traces = spellingsOf({ buyer: [RealAddress.parse('ann@x.test')], seller: [] });
const contentIds = new Map([['logo@old', 'new.1@relay.test']]);

function rebuilt(html: string): string {
  const whole = rebuildHtml(html, { traces, contentIds }).html;
  return whole.replace('<!DOCTYPE html>\n<html><body>', '').replace('</body></html>\n', '');
}

const MASKED: readonly (readonly [what: string, html: string, expected: string])[] = [
  ['as a character reference', '<p>ann&#64;x.test</p>', '<p>[address hidden]</p>'],
  ['across tags', '<p>a<b>nn</b>@x.test.</p>', '<p>[address hidden]<b></b>.</p>'],
  ['across <wbr>', 'ann<wbr>@x<wbr>.test', '[address hidden]'],
  ['across a comment', 'ann<!-- x -->@x.test', '[address hidden]'],
  ['across hidden text', 'ann<span style="display:none">zzz</span>@x.test', '[address hidden]'],
  [
    'beside another cell',
    '<table><tr><td>Ann</td><td>ann@x.test</td></tr></table>',
    '<table><tr><td>Ann</td><td>[address hidden]</td></tr></table>',
  ],
  [
    'behind a block that is unknown',
    '<details><summary>Mail</summary>ann@x.test</details>',
    '<div><div>Mail</div>[address hidden]</div>',
  ],
  ['around text that is struck out', 'ann<del>XX</del>@x.test', '[address hidden]<del></del>'],
  ['around text that may not be seen', 'ann<span class="no">XX</span>@x.test', '[address hidden]<span></span>'],
  ['in the name of a font', '<p style="font-family:\'ann at x.test\'">x</p>', '<p>x</p>'],
  [
    'in the text of a picture and behind it',
    '<img src="cid:logo@old" alt="ann">@x.test',
    '<img src="cid:new.1@relay.test" alt="[address hidden]">',
  ],
  ['in a title', '<b title="ann@x.test">Ann</b>', '<b title="[address hidden]">Ann</b>'],
  ['in mailto', '<a href="mailto:ann%40x.test?subject=x">Ann</a>', '<a>Ann</a>'],
  ['in the query of a link', '<a href="https://shop.test/?u=ann%40x.test">open</a>', '<a>open</a>'],
  ['in the text of a lost picture', '<img src="https://t.test/a.gif" alt="ann@x.test">', '[address hidden]'],
  [
    'in an attribution',
    'On Mon, Ann &lt;<a href="mailto:ann@x.test">ann@x.test</a>&gt; wrote:',
    'On Mon, Ann &lt;<a>[address hidden]</a>&gt; wrote:',
  ],
];

for (const [what, html, expected] of MASKED) {
  test(`in HTML an address ${what} is masked`, () => assert.equal(rebuilt(html), expected));
}

const REBUILT: readonly (readonly [what: string, html: string, expected: string])[] = [
  [
    'tables, lists and quotes stay',
    '<blockquote><table width="100%"><tr><td align="left">1</td></tr></table><ul><li>a</ul></blockquote>',
    '<blockquote><table width="100%"><tr><td align="left">1</td></tr></table><ul><li>a</li></ul></blockquote>',
  ],
  ['blocks of a page stay apart', '<section>One</section><nav>Two</nav>', '<div>One</div><div>Two</div>'],
  [
    'what somebody struck out stays',
    'Price <del>49</del> 39, <b class="x">now</b>',
    'Price <del>49</del> 39, <b>now</b>',
  ],
  [
    'links to the web stay',
    '<a href="https://shop.test/?a=1&amp;b=2">x</a>',
    '<a href="https://shop.test/?a=1&amp;b=2">x</a>',
  ],
  ['a link to an alias stays', '<a href="mailto:b7k2@relay.test">x</a>', '<a href="mailto:b7k2@relay.test">x</a>'],
  [
    'links that run something do not',
    '<a href=" java&#10;script:x">a</a><a href="data:text/html,x">b</a>',
    '<a>a</a><a>b</a>',
  ],
  [
    'pictures that came along get their new id',
    '<img src="cid:logo%40old" alt="Logo" onerror="x">',
    '<img src="cid:new.1@relay.test" alt="Logo">',
  ],
  [
    'pictures from elsewhere leave their text',
    '<img src="https://t.test/p.gif" alt="Logo"><img src="cid:none">',
    'Logo',
  ],
  [
    'scripts, styles, titles and drawings are gone',
    '<title>t</title><style>p{}</style><script>1</script><svg><text>s</text></svg>x',
    'x',
  ],
  [
    'forms are gone, what they say stays',
    '<form action="https://e.test"><input value="v">Hello<button>Go</button></form>',
    'HelloGo',
  ],
  [
    'harmless style stays',
    '<p style="color:#333; background:url(http://e.test/); font-family:\'Segoe UI\'">x</p>',
    '<p style="color:#333;font-family:Segoe UI">x</p>',
  ],
  [
    'no style loads, runs or hides',
    '<p style="color:expression(x);font-size:0;background-image:url(x);margin-left:-999px;opacity:0">x</p>',
    '<p>x</p>',
  ],
  [
    'what was hidden does not come to light',
    '<div hidden>a</div><p style="DISPLAY : none">b</p><p style="display:/**/none">c</p>x',
    'x',
  ],
  ['handlers, ids and classes are gone', '<p onclick="x" id="me" class="y" data-x="z">x</p>', '<p>x</p>'],
  ['comments and conditions are gone', 'a<!--[if mso]>hidden<![endif]-->b<![CDATA[c]]>', 'ab'],
  [
    'text stays text',
    '&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;',
    '&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;',
  ],
  [
    'a quote does not end an attribute',
    '<b title="&quot; onmouseover=&quot;x">y</b>',
    '<b title="&quot; onmouseover=&quot;x">y</b>',
  ],
  ['tags of Word are let go of', '<o:p>x</o:p><p class=MsoNormal>y</p>', 'x<p>y</p>'],
];

for (const [what, html, expected] of REBUILT) {
  test(`in rebuilt HTML ${what}`, () => assert.equal(rebuilt(html), expected));
}

test('deep nesting is flattened and balanced', () => {
  const html = rebuilt(`${'<div>'.repeat(5000)}deep`);
  assert.equal(html.match(/<div>/g)?.length, html.match(/<\/div>/g)?.length);
  assert.ok((html.match(/<div>/g)?.length ?? 0) <= 200);
  assert.match(html, /deep/);
});

test('HTML built to be slow is rebuilt in a moment', () => {
  for (const unit of ['<div>', '<a></b>', '<', '<!--', '<svg></g>', '<form>', 'ann@x.test<b>', '<p x="', '&amp;#64;']) {
    const begin = performance.now();
    rebuildHtml(unit.repeat(500_000 / unit.length), { traces, contentIds });
    assert.ok(performance.now() - begin < 5000, `${unit} is quadratic`);
  }
});
