# Following jobs: the only loop of this package is here, around cj_tail_next().

cj_tail_open <- function(client, guid, key = NULL, start = "first", retry_budget = NULL) {
  pointer <- check_client(client)
  guids <- check_guids(guid, "guid")
  if (!length(guids)) argument_error("`guid` must have at least one content GUID.")
  keys <- tail_keys(key)
  n <- max(length(guids), length(keys))
  if (any(c(length(guids), length(keys)) != n & c(length(guids), length(keys)) != 1L)) {
    argument_error("`guid` and `key` must have as many values, or one of them a single one.")
  }
  budget <- if (is.null(retry_budget)) 0 else budget_ms(retry_budget)
  numbers <- c(tail_start(start), budget)
  tail <- native(.Call(C_tail_open, pointer, rep_len(guids, n), rep_len(keys, n), numbers))
  new_handle(tail, "cj_tail", guids = guids, keys = keys, hooks = client$hooks)
}

# The library takes 0 for its default; no patience at all is its shortest, 1 ms.
budget_ms <- function(retry_budget) {
  budget <- check_seconds(retry_budget, "retry_budget", endless = -1)
  if (budget == 0) 1 else budget
}

# NULL: all jobs of the content item, which the library is told as NULL, and C as NA.
tail_keys <- function(key) {
  if (is.null(key)) {
    return(NA_character_)
  }
  keys <- check_strings(key, "key", "a character vector of job keys, or NULL")
  if (!length(keys)) argument_error("`key` is empty: give a job's key, or NULL for all jobs.")
  keys
}

# "first", "now", a number of last lines, or a time: as the library's start, lines and since.
tail_start <- function(start) {
  switch(start_kind(start),
    first = c(0, 0, 0),
    now = c(1, 0, 0),
    last = c(2, floor(start), 0),
    time = c(3, 0, as.numeric(start)),
    argument_error(
      "`start` must be \"first\", \"now\", a number of last lines, or a POSIXct, but it is ",
      described(start), "."
    )
  )
}

start_kind <- function(start) {
  if (length(start) != 1L || !is.atomic(start)) {
    "bad"
  } else if (is.character(start)) {
    if (start %in% c("first", "now")) start else "bad"
  } else if (!is.finite(start)) {
    "bad"
  } else if (inherits(start, "POSIXct")) {
    "time"
  } else {
    if (is.numeric(start) && start >= 1) "last" else "bad"
  }
}

cj_tail_next <- function(tail, timeout = Inf, exact = FALSE) {
  pointer <- check_tail(tail)
  # Inf needs no translation: the shim waits in slices.
  limit <- check_seconds(timeout, "timeout", endless = Inf)
  exact <- check_flag(exact, "exact")
  entries <- native(.Call(C_tail_next, pointer, limit))
  if (is.list(entries)) {
    pass_hooks(log_frame(entries, exact), tail$hooks)
  } else if (entries == status_timeout) {
    empty_log(exact)
  }
}

# CJOBS_TIMEOUT; the other status without a table is CJOBS_DONE.
status_timeout <- 2L

cj_tail_summary <- function(tail) {
  status_names(as_frame(native(.Call(C_tail_summary, check_tail(tail)))))
}

cj_tail_close <- function(tail) {
  if (!inherits(tail, "cj_tail")) argument_error("`tail` must be what cj_tail_open() gives.")
  close_handle(tail)
}

close.cj_tail <- function(con, ...) close_handle(con)

print.cj_tail <- function(x, ...) {
  state <- if (.Call(C_is_open, x$pointer)) "" else " (closed)"
  jobs <- if (anyNA(x$keys)) "all jobs" else some(x$keys)
  cat("<cj_tail of ", some(x$guids), ": ", jobs, state, ">\n", sep = "")
  invisible(x)
}

# The first of them, and how many more.
some <- function(names) {
  more <- length(names) - 3L
  paste0(paste(names[seq_len(min(3L, length(names)))], collapse = ", "),
         if (more > 0L) paste(" and", more, "more"))
}

cj_tail <- function(client, guid, key = NULL, callback = NULL, start = "first", timeout = Inf,
                    retry_budget = NULL, exact = FALSE) {
  if (is.null(callback)) {
    callback <- show_entries
  } else if (!is.function(callback)) {
    argument_error("`callback` must be a function or NULL, but it is ", described(callback), ".")
  }
  check_seconds(timeout, "timeout", endless = Inf)
  check_flag(exact, "exact")
  tail <- cj_tail_open(client, guid, key, start, retry_budget)
  on.exit(cj_tail_close(tail))
  follow(tail, callback, timeout, exact)
  invisible(cj_tail_summary(tail))
}

# Until the jobs have ended, the callback says FALSE, or the time is over.
follow <- function(tail, callback, timeout, exact) {
  started <- proc.time()[["elapsed"]]
  repeat {
    left <- max(0, started + timeout - proc.time()[["elapsed"]])
    entries <- cj_tail_next(tail, left, exact)
    if (is.null(entries)) break
    if (nrow(entries) > 0L && identical(callback(entries), FALSE)) break
    if (left == 0) break
  }
}

show_entries <- function(entries) {
  writeLines(format(entries, n = Inf, colour = has_colour()))
  flush(stdout())
}
