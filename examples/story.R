# One story with a Posit Connect's jobs, in R: find content by its name, list its jobs, print a
# log, follow a running job live, kill it, see it end, download its log, and ask why another failed.
#
#     CONNECT_SERVER=https://connect.example.com CONNECT_API_KEY=... \
#       Rscript examples/story.R sales-report ticker-app nightly-shell
library(connectjobs)

# Content items by name: one that fails, one that runs, and one with a long job.
names <- c("sales-report", "ticker-app", "nightly-shell")
given <- commandArgs(trailingOnly = TRUE)
names[seq_along(given)] <- given

chapter <- function(...) cat("\n", ..., "\n", sep = "")

tell <- function(report, app, shell) {
  client <- cj_client()

  cat("Content on ", client$server, "\n", sep = "")
  content <- lapply(c(report, app, shell), function(name) find_content(client, name))
  content <- do.call(rbind, content)
  print(content[c("name", "title", "guid")], row.names = FALSE, right = FALSE)
  guid <- setNames(content$guid, c("report", "app", "shell"))

  chapter("The jobs of all three")
  jobs <- cj_jobs_many(client, content$guid)
  print(jobs)

  chapter("The log of ", shell, " so far")
  print(cj_log(client, guid["shell"], job_of(jobs, guid["shell"])))

  key <- job_of(jobs, guid["app"], running = TRUE)
  chapter("Following ", app, " for 20 lines")
  follow(client, guid["app"], key, lines = 20)

  chapter("Killing it, and waiting until it has ended")
  order <- cj_kill(client, guid["app"], key, wait = TRUE, timeout = 10)
  cat(if (is.na(order$error)) order$result else order$error, "\n")
  print(cj_wait(client, guid["app"], key, until = "finalized", timeout = 10))

  chapter("Downloading its log")
  path <- cj_download(client, guid["app"], key, tempfile(fileext = ".log"))
  cat(length(readLines(path)), " lines, ", file.size(path), " bytes in ", path, "\n", sep = "")

  chapter("Why did ", report, " fail?")
  explain(client, guid["report"], job_of(jobs, guid["report"]))
}

find_content <- function(client, name) {
  found <- cj_content(client, name)
  if (nrow(found) == 0) stop("There is no content item named ", name, ".", call. = FALSE)
  found[1, ]
}

# The key of the content item's latest job, or of the latest that runs.
job_of <- function(jobs, guid, running = FALSE) {
  own <- jobs[jobs$requested_guid == guid & !is.na(jobs$key) & (jobs$active | !running), ]
  if (nrow(own) == 0) stop("There is no such job of ", guid, ".", call. = FALSE)
  own$key[order(own$start_time, decreasing = TRUE)][1]
}

# Prints lines as they are written, until enough have been seen: FALSE ends the tail.
follow <- function(client, guid, key, lines) {
  cj_tail(client, guid, key, function(entries) {
    print(head(entries, lines))
    lines <<- lines - nrow(entries)
    lines > 0
  })
}

explain <- function(client, guid, key) {
  error <- cj_job_error(client, guid, key)
  if (nrow(error) > 0) {
    cat(error$code, ": ", error$summary, "\n", sep = "")
  } else {
    cat("Connect has logged no error for it.\n")
  }
  log <- cj_log(client, guid, key)
  cat("The last that it wrote to stderr:\n")
  print(tail(log[log$source == "stderr", ], 3))
}

# A failure is one line: what failed, and what to do.
tryCatch(
  tell(names[1], names[2], names[3]),
  error = function(condition) {
    message(conditionMessage(condition))
    quit(status = 1)
  }
)
