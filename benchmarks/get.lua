-- For wrk: asks for one page again and again, each time from another address, as a trusted proxy would tell it.
-- Arguments: the path, then names and values of headers.

local headers, number = {}, 0

function setup(thread)
  started = (started or 0) + 1
  thread:set("first", started * 7919)
end

function init(args)
  path, number = args[1], first
  for place = 2, #args - 1, 2 do headers[args[place]] = args[place + 1] end
end

function request()
  number = number + 1
  headers["X-Forwarded-For"] = string.format("%d.%d.%d.%d", 11 + number % 89, number % 251, number % 241, 1 + number % 239)
  return wrk.format("GET", path, headers)
end
