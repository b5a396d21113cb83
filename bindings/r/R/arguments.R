# Arguments are checked here, before C is touched: an error names the argument.

argument_error <- function(...) {
  stop(new_condition(list(
    status = "INVALID_ARGUMENT", http_status = NA_integer_, code = NA_real_,
    operation = NA_character_, url = NA_character_, retryable = FALSE, message = paste0(...)
  )))
}

# What was given instead, in words.
described <- function(value) {
  if (is.null(value)) {
    "NULL"
  } else if (is.environment(value) || is.function(value) || is.data.frame(value)) {
    paste("of class", paste(class(value), collapse = "/"))
  } else if (length(value) != 1L) {
    paste(length(value), "values")
  } else if (is.atomic(value) && is.na(value)) {
    "NA"
  } else if (identical(value, "")) {
    "an empty string"
  } else {
    paste("of class", paste(class(value), collapse = "/"))
  }
}

check_string <- function(value, name, what = "one string", empty = FALSE) {
  good <- is.character(value) && length(value) == 1L && !is.na(value)
  if (!good || (!empty && !nzchar(value))) {
    argument_error("`", name, "` must be ", what, ", but it is ", described(value), ".")
  }
  value
}

check_string_or_null <- function(value, name, empty = FALSE) {
  if (is.null(value)) NA_character_ else check_string(value, name, "one string or NULL", empty)
}

check_strings <- function(value, name, what = "a character vector") {
  if (!is.character(value)) {
    argument_error("`", name, "` must be ", what, ", but it is ", described(value), ".")
  }
  bad <- which(is.na(value) | !nzchar(value))
  if (length(bad)) {
    argument_error("`", name, "[", bad[1L], "]` is ", described(value[bad[1L]]), ".")
  }
  value
}

check_flag <- function(value, name) {
  if (!is.logical(value) || length(value) != 1L || is.na(value)) {
    argument_error("`", name, "` must be TRUE or FALSE, but it is ", described(value), ".")
  }
  value
}

check_number <- function(value, name, what, least) {
  good <- is.numeric(value) && length(value) == 1L && !is.na(value)
  if (!good || value < least) {
    shown <- if (good) format(value) else described(value)
    argument_error("`", name, "` must be ", what, ", but it is ", shown, ".")
  }
  as.numeric(value)
}

guid_pattern <- "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

# A dashboard's address holds the guid: https://host/connect/#/apps/GUID/access/123
guid_of <- function(value, name) {
  if (!grepl("://", value, fixed = TRUE)) {
    return(value)
  }
  found <- regmatches(value, regexpr(guid_pattern, value))
  if (!length(found)) {
    argument_error("`", name, "` is an address without a content GUID in it: ", value)
  }
  found
}

# A content item has its GUID in it: rows of cj_content(), a list of what the server said of it, or
# an object of connectapi's, which holds such a list as `content`.
guid_in <- function(value) {
  if (is.environment(value) && is.list(value[["content"]])) value <- value[["content"]]
  if (is.list(value) && !is.null(value[["guid"]])) value[["guid"]] else value
}

check_guid <- function(value, name = "guid") {
  value <- check_string(guid_in(value), name, "one content GUID, dashboard address or content item")
  guid_of(value, name)
}

check_guids <- function(value, name = "guids") {
  value <- guid_in(value)
  if (is.list(value)) value <- guids_in(value, name)
  value <- check_strings(value, name, "a character vector of content GUIDs, or content items")
  vapply(value, guid_of, "", name = name, USE.NAMES = FALSE)
}

check_key <- function(value, name = "key") check_string(value, name, "one job key")

# Seconds as the library's milliseconds; Inf as `endless`.
check_seconds <- function(value, name, endless) {
  seconds <- check_number(value, name, "a number of seconds, 0 or more", 0)
  if (seconds > longest_wait) endless else ceiling(seconds * 1000)
}

# 100 years: as good as Inf, and far from the end of what int64 nanoseconds can count.
longest_wait <- 100 * 365 * 86400

# A count, or NULL (0: the library's default), or Inf (-1: no limit).
check_limit <- function(value, name, least = 1) {
  if (is.null(value)) {
    return(0)
  }
  limit <- check_number(value, name, paste("a number,", least, "or more"), least)
  if (is.infinite(limit)) -1 else floor(limit)
}

guids_in <- function(items, name) {
  guids <- lapply(items, guid_in)
  bad <- which(!vapply(guids, is.character, NA) | lengths(guids) != 1L)
  if (length(bad)) {
    argument_error("`", name, "[[", bad[1L], "]]` is no GUID, and no content item with one.")
  }
  unlist(guids, use.names = FALSE)
}

# The external pointer of an open client or tail.
check_open <- function(value, name, class) {
  if (!inherits(value, class)) {
    maker <- if (class == "cj_client") "cj_client()" else "cj_tail_open()"
    argument_error("`", name, "` must be what ", maker, " gives, but it is ", described(value), ".")
  }
  if (!.Call(C_is_open, value$pointer)) {
    argument_error(
      "`", name, "` is closed, or comes from another R session: open a new one."
    )
  }
  value$pointer
}

check_client <- function(client) check_open(client, "client", "cj_client")
check_tail <- function(tail) check_open(tail, "tail", "cj_tail")
