-- For wrk: sends each line of a file of posts once and keeps the answers.
-- Arguments: the folder with posts.0, posts.1, … (one for each thread: address, tab, body), the path, a cookie or "".
-- receipts.0, receipts.1, … there get one line for each 303; `done` prints one line of JSON.

local threads = {}

function setup(thread)
  thread:set("id", #threads)
  table.insert(threads, thread)
end

function init(args)
  posts = assert(io.open(args[1] .. "/posts." .. id, "rb"))
  receipts = assert(io.open(args[1] .. "/receipts." .. id, "w"))
  receipts:setvbuf("line")
  path = args[2]
  headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  if args[3] ~= nil and args[3] ~= "" then headers["Cookie"] = args[3] end
  accepted, refused = 0, 0
end

function request()
  local line = posts:read("*l")
  if line == nil then
    wrk.thread:stop()
    return wrk.format("GET", "/healthz")
  end
  local mark = line:find("\t", 1, true)
  headers["X-Forwarded-For"] = line:sub(1, mark - 1)
  return wrk.format("POST", path, headers, line:sub(mark + 1))
end

function response(status, answered, body)
  if status == 303 then
    accepted = accepted + 1
    receipts:write(answered["location"] or answered["Location"] or "", "\n")
  else
    refused = refused + 1
    refusals = refusals or tostring(status)
  end
end

function done(summary, latency, requests)
  local accepted, refused, first = 0, 0, ""
  for _, thread in ipairs(threads) do
    accepted = accepted + thread:get("accepted")
    refused = refused + thread:get("refused")
    first = thread:get("refusals") or first
  end
  local errors = summary.errors
  io.write(string.format(
    '{"accepted": %d, "refused": %d, "first_refusal": "%s", "broken": %d, "seconds": %.3f, "p50": %.2f, "p99": %.2f}\n',
    accepted, refused, first, errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
