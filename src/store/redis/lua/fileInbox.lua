redis.call('LPUSH', key('inbox', input.inbox), input.record)
redis.call('LTRIM', key('inbox', input.inbox), 0, 499)
return 'ok'
