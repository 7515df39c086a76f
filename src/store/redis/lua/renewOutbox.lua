for _, id in ipairs(redis.call('SMEMBERS', key('leases', input.lease))) do
  if redis.call('HGET', key('outbox', id), 'lease') == input.lease then
    redis.call('ZADD', key('outbox'), input['until'], id)
  else
    redis.call('SREM', key('leases', input.lease), id)
  end
end
redis.call('PEXPIRE', key('leases', input.lease), 3600000)
return 'ok'
