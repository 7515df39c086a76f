if redis.call('HGET', key('message', input.id), 'status') ~= 'delivered' then return 0 end
setStatus(input.id, 'bounced')
for _, notice in ipairs(input.notices) do insertOutbox(notice) end
return 1
