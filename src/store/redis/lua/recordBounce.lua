-- `queued` too: a report can be here before the worker has noted that it handed the message over.
local status = redis.call('HGET', key('message', input.id), 'status')
if status ~= 'delivered' and status ~= 'queued' then return 0 end
setStatus(input.id, 'bounced')
-- Whatever is left of a queue item finds nothing to send: a message that came back is not sent once more.
redis.call('DEL', key('body', input.id, 'outgoing'))
for _, notice in ipairs(input.notices) do insertOutbox(notice) end
return 1
