# A log as a log: time, source, text.

# With the date only where there is more than one.
clock <- function(times) {
  days <- unique(format(times[!is.na(times)], "%F", tz = "UTC"))
  pattern <- if (length(days) > 1L) "%F %H:%M:%OS3" else "%H:%M:%OS3"
  text <- format(times, pattern, tz = "UTC")
  text[is.na(times)] <- ""
  padded(text)
}

log_lines <- function(log, colour) {
  source <- padded(c("stdout", neutral(log$source)))[-1L]
  is_error <- !is.na(log$source) & log$source == "stderr"
  source[is_error] <- painted(source[is_error], "31", colour)
  time <- painted(clock(log$timestamp), "2", colour)
  paste(time, source, neutral(log$data, colour), recycle0 = TRUE)
}

# The last lines, since those say how it went.
format.cj_log <- function(x, n = 100, colour = FALSE, ...) {
  if (!has_columns(x, "timestamp", "source", "data")) {
    return(NextMethod())
  }
  n <- check_rows(n)
  check_flag(colour, "colour")
  hidden <- max(0, nrow(x) - n)
  lines <- log_lines(x[seq_len(nrow(x)) > hidden, ], colour)
  more <- paste0("... ", grouped(hidden), " earlier lines: print(log, n = Inf) shows all")
  c(if (hidden > 0) more, lines)
}

print.cj_log <- function(x, n = 100, colour = has_colour(), ...) {
  if (!has_columns(x, "timestamp", "source", "data")) {
    return(NextMethod())
  }
  writeLines(if (nrow(x) == 0L) "<an empty log>" else format(x, n = n, colour = colour))
  invisible(x)
}

summary.cj_log <- function(object, ...) {
  if (!has_columns(object, "timestamp", "source", "data")) {
    return(NextMethod())
  }
  times <- object$timestamp[!is.na(object$timestamp)]
  structure(list(
    lines = nrow(object), stderr = sum(object$source %in% "stderr"),
    jobs = length(unique(object$job_key)),
    first = if (length(times)) min(times) else .POSIXct(NA_real_, "UTC"),
    last = if (length(times)) max(times) else .POSIXct(NA_real_, "UTC")
  ), class = "summary.cj_log")
}

print.summary.cj_log <- function(x, ...) {
  jobs <- if (x$jobs == 1L) "1 job" else paste(grouped(x$jobs), "jobs")
  cat("<a log of ", jobs, ": ", grouped(x$lines), " lines, ", grouped(x$stderr), " of stderr>\n",
      sep = "")
  if (!is.na(x$first)) {
    seconds <- as.numeric(x$last) - as.numeric(x$first)
    cat(format(x$first, "%F %T"), " to ", format(x$last, "%F %T"), " UTC, ", duration(seconds),
        "\n", sep = "")
  }
  invisible(x)
}
