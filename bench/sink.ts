/**
 * sink: takes every message and counts it. Prints its port, then a line with the count each time it is asked by a line on stdin.
 * As little work as SMTP allows, since it shares the machine with what is measured.
 */
import { createServer, type Socket } from 'node:net';

let messages = 0;
let lastAt = 0;

function serve(socket: Socket): void {
  let buffered = Buffer.alloc(0);
  let isData = false;
  // Of a message only its end is looked for: a large one is not put together.
  const END = Buffer.from('\r\n.\r\n');
  socket.setNoDelay(true);
  socket.write('220 sink.bench.test ESMTP\r\n');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    for (;;) {
      const mark = isData ? '\r\n.\r\n' : '\r\n';
      const end = buffered.indexOf(mark);
      if (end < 0 && isData) buffered = buffered.subarray(Math.max(0, buffered.length - END.length + 1));
      if (end < 0) return;
      const line = isData ? '' : buffered.toString('latin1', 0, end);
      buffered = buffered.subarray(end + mark.length);
      if (isData) {
        isData = false;
        messages += 1;
        lastAt = Date.now();
        socket.write('250 2.0.0 taken\r\n');
      } else if (/^DATA/i.test(line)) {
        isData = true;
        socket.write('354 go\r\n');
      } else if (/^EHLO/i.test(line)) socket.write('250-sink.bench.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
      else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    }
  });
}

const server = createServer(serve).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
process.stdin.on('data', () => process.stdout.write(`${JSON.stringify({ messages, lastAt })}\n`));
process.stdin.on('end', () => server.close());
