local held = redis.call('GET', key('alias', input.localPart))
if not held then return false end
local party, orderId = string.match(held, '^(%S+) (.+)$')
return {party, redis.call('GET', key('order', orderId))}
