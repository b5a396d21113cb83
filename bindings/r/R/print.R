# What is shown. Whatever comes from a log or a server is untrusted: control characters, and so the
# escape sequences that drive a terminal, are shown as \x1b and the like.

control_pattern <- "[\\x{01}-\\x{08}\\x{0a}-\\x{1f}\\x{7f}-\\x{9f}]"

neutral <- function(text) {
  text[is.na(text)] <- ""
  bad <- which(grepl(control_pattern, enc2utf8(text), perl = TRUE))
  text[bad] <- vapply(text[bad], escaped, "", USE.NAMES = FALSE)
  text
}

escaped <- function(line) {
  codes <- utf8ToInt(enc2utf8(line))
  characters <- intToUtf8(codes, multiple = TRUE)
  control <- (codes < 32L & codes != 9L) | (codes >= 127L & codes < 160L)
  characters[control] <- sprintf("\\x%02x", codes[control])
  paste(characters, collapse = "")
}

has_columns <- function(frame, ...) all(c(...) %in% names(frame))

# With the date only where there is more than one.
clock <- function(times) {
  days <- unique(format(times[!is.na(times)], "%F", tz = "UTC"))
  pattern <- if (length(days) > 1L) "%F %H:%M:%OS3" else "%H:%M:%OS3"
  text <- format(times, pattern, tz = "UTC")
  text[is.na(times)] <- ""
  formatC(text, width = max(0L, nchar(text)))
}

format.cj_log <- function(x, ...) {
  if (nrow(x) == 0L) {
    return(character())
  }
  paste(clock(x$timestamp), formatC(neutral(x$source), width = -6L), neutral(x$data))
}

print.cj_log <- function(x, n = 100, ...) {
  if (!has_columns(x, "timestamp", "source", "data")) {
    return(NextMethod())
  }
  hidden <- max(0, nrow(x) - n)
  if (nrow(x) == 0L) cat("<an empty log>\n")
  if (hidden > 0) {
    cat("... ", hidden, " earlier lines: print(log, n = Inf) shows all\n", sep = "")
  }
  writeLines(format(x[seq_len(nrow(x)) > hidden, ]))
  invisible(x)
}

job_states <- c("active", "finished", "finalized")

state_names <- function(status) {
  names <- job_states[match(status, seq_along(job_states) - 1L)]
  ifelse(is.na(names), as.character(status), names)
}

# "1h 02m", "3m 20s", "4.2s"
duration <- function(seconds) {
  whole <- round(seconds)
  text <- ifelse(
    seconds < 60, sprintf("%.1fs", seconds),
    ifelse(
      whole < 3600, sprintf("%.0fm %02.0fs", whole %/% 60, whole %% 60),
      sprintf("%.0fh %02.0fm", whole %/% 3600, whole %% 3600 %/% 60)
    )
  )
  ifelse(is.na(seconds) | seconds < 0, "", text)
}

# With the year only where it is not this one.
day_and_time <- function(times) {
  this_year <- format(times, "%Y") == format(Sys.time(), "%Y", tz = "UTC")
  format(times, if (all(this_year, na.rm = TRUE)) "%m-%d %T" else "%F %T")
}

# The columns that a person looks at, in 80 characters; the rest is in the data frame. Printing a
# data frame shows control characters escaped, so they are left as they are.
overview <- function(jobs) {
  end <- jobs$end_time
  end[is.na(end) & jobs$active] <- Sys.time()
  table <- data.frame(
    key = jobs$key, tag = jobs$tag, status = state_names(jobs$status),
    exit = as.character(jobs$exit_code), start = day_and_time(jobs$start_time),
    duration = duration(as.numeric(end) - as.numeric(jobs$start_time)), stringsAsFactors = FALSE
  )
  if (has_columns(jobs, "requested_guid", "error")) {
    # Eight digits tell content items apart well enough; what is no GUID is shown whole.
    guid <- sub("^([0-9a-f]{8})-[0-9a-f-]{27}$", "\\1", jobs$requested_guid)
    table <- cbind(content = guid, table, stringsAsFactors = FALSE)
    if (!all(is.na(jobs$error))) table$error <- jobs$error
  }
  table[is.na(table)] <- ""
  table
}

overview_columns <- c(
  "key", "tag", "status", "exit_code", "start_time", "end_time", "active"
)

print.cj_jobs <- function(x, n = 20, ...) {
  if (!has_columns(x, overview_columns)) {
    return(NextMethod())
  }
  unit <- if (nrow(x) == 1L) " job, " else " jobs, "
  cat("<", nrow(x), unit, sum(x$active), " active>\n", sep = "")
  if (nrow(x) > 0L) {
    shown <- overview(x[seq_len(min(nrow(x), n)), ])
    print.data.frame(shown, row.names = FALSE, right = FALSE)
  }
  if (nrow(x) > n) {
    cat("... ", nrow(x) - n, " more: print(jobs, n = Inf) shows all\n", sep = "")
  }
  invisible(x)
}
