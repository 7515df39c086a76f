-- A few at a time: there may be many that expired on one day, and each later policy takes some more with it.
local expired = redis.call('ZRANGEBYSCORE', key('sts', 'expiry'), '-inf', input.now, 'LIMIT', 0, 1000)
for _, domain in ipairs(expired) do
  redis.call('HDEL', key('sts'), domain)
  redis.call('ZREM', key('sts', 'expiry'), domain)
end
redis.call('HSET', key('sts'), input.domain, input.record)
redis.call('ZADD', key('sts', 'expiry'), input.expiresAt, input.domain)
return 'ok'
