# Calls everything in the shim, well and badly, against the server of canned answers, whose address
# is the argument: for memory checkers, which look on. What it gives is tested elsewhere.
library(connectjobs)
address <- commandArgs(trailingOnly = TRUE)[1]
new_client <- function(...) cj_client(address, "key", max_retries = 0, proxy = "", ...)
failure <- function(code) stopifnot(inherits(try(code, silent = TRUE), "try-error"))

client <- new_client(headers = c(A = "b"), idle_timeout = 30)
for (round in 1:2) {
  frames <- list(
    cj_content(client), cj_jobs(client, "odd"), cj_jobs(client, "none"),
    cj_jobs_many(client, c("odd", "e404", "none")), cj_job(client, "odd", "first"),
    cj_log(client, "odd", "k", exact = TRUE), cj_log(client, "times", "k", exact = TRUE),
    cj_job_error(client, "odd", "k"), cj_job_error(client, "none", "k"),
    cj_kill(client, "odd", c("a", "idle")), cj_kill(client, "odd", character()),
    cj_kill_active(client, "odd"), cj_wait(client, "odd", "second")
  )
  for (frame in frames) invisible(capture.output(str(frame), print(frame), print(summary(frame))))
  gc()
  path <- cj_download(client, "odd", "k", tempfile())
  for (guid in c("e400", "e401", "e404", "e409", "e500", "e502", "truncated", "a/b")) {
    failure(cj_jobs(client, guid))
  }
  failure(cj_download(client, "odd", "k", path))
  failure(cj_download(client, "cut", "k", tempfile()))
  failure(cj_wait(client, "odd", "first", timeout = 0))
  failure(cj_client("ftp://h", "key"))
}

# Strings that are made late, in parts, changed, copied, saved, and read when all else is gone.
log <- cj_log(client, "large", "k")
copy <- log
copy$data[2] <- "changed"
part <- log[log$source == "stderr", ]
small <- log$data[c(1, NA, 9000, 4)]
stopifnot(identical(rev(part$data)[3:1], tail(part$data, 3)), copy$data[2] == "changed")
stopifnot(identical(unserialize(serialize(log, NULL)), log), anyNA(sort(log$data)) == FALSE)
stopifnot(all(nchar(log$data) >= 0, na.rm = TRUE), "same" %in% log$data, is.na(small[2:3]))
close(client)
rm(log, client)
for (i in 1:3) gc()
stopifnot(length(unique(part$data)) > 100, nchar(copy$source) == 6)

client <- new_client()
tail <- cj_tail_open(client, c("odd", "odd"), c("a", "b"), retry_budget = 1)
while (!is.null(cj_tail_next(tail, 5))) NULL
cj_tail_summary(tail)
cj_tail_close(tail)
cj_tail(client, "odd", "k", function(entries) FALSE)
failure(cj_tail(client, "odd", "k", function(entries) stop("mine")))
failure(cj_tail(client, "e404", "k", identity))

# Jumps of R's own while the library is waiting.
limited <- function(code) {
  setTimeLimit(elapsed = 1, transient = TRUE)
  on.exit(setTimeLimit())
  code
}
failure(limited(cj_jobs(client, "silent")))
failure(limited(cj_download(client, "silent", "k", tempfile())))
failure(limited(cj_tail(client, "silent", "k", identity)))
stopifnot(nrow(cj_jobs(client, "odd")) == 3)
forgotten <- lapply(1:50, function(i) cj_tail_open(new_client(), "odd", "k"))
rm(forgotten)
for (i in 1:3) gc()
cat("exercised\n")
