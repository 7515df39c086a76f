import { LARGE } from '../bench/messages.ts';
import { parse } from '../src/mail/parse.ts';
import { rewrite } from '../src/mail/rewrite.ts';
import { verify } from '../src/mail/verify.ts';
import { openFiles } from '../src/mail/open.ts';
import { fieldsOf } from '../src/mail/fields.ts';
import { judgeText } from '../src/policy/engine.ts';
import { CONTEXT, deliverable, SECRETS, BUYER } from './support/deliverable.ts';
const mb=()=>Math.round(process.memoryUsage().rss/1e6)+' ext '+Math.round(process.memoryUsage().external/1e6)+' heap '+Math.round(process.memoryUsage().heapUsed/1e6);
const raw=Buffer.from(LARGE.replaceAll('{FROM}',BUYER).replaceAll('{TO}','x@relay.test').replaceAll('{N}','1'));
console.log('start',mb());
for (let i=0;i<3;i++){
let t=performance.now(); const lap=(n:string)=>{console.log(n,Math.round(performance.now()-t),mb());t=performance.now()};
const m=parse(raw); lap('parse');
const o=await openFiles(m,SECRETS,true); lap('open');
judgeText(fieldsOf(o),{from:'seller',ownDomains:[],isMasked:()=>false},'marketplace-strict',[]); lap('judge');
const r=rewrite(deliverable(o),CONTEXT); lap('rewrite');
const v=await verify(r,SECRETS); lap('verify '+v.kind);
}
