cj_client <- function(server = NULL, api_key = NULL, auth_header = NULL, headers = NULL,
                      ca_file = NULL, proxy = NULL, insecure = NULL, user_agent = NULL,
                      max_retries = NULL, connect_timeout = NULL, request_timeout = NULL,
                      idle_timeout = NULL, max_response_bytes = NULL, max_entry_bytes = NULL) {
  if (is_connectapi(server)) {
    given <- connectapi_settings(server)
    server <- given$server
    if (is.null(api_key)) api_key <- given$api_key
    if (is.null(auth_header)) auth_header <- given$auth_header
    headers <- c(given$headers, headers)
  }
  strings <- c(
    check_string_or_null(server, "server"), check_string_or_null(api_key, "api_key"),
    check_string_or_null(auth_header, "auth_header"), check_string_or_null(ca_file, "ca_file"),
    check_string_or_null(proxy, "proxy", empty = TRUE),
    check_string_or_null(user_agent, "user_agent")
  )
  numbers <- c(
    check_insecure(insecure), check_retries(max_retries),
    check_timeout(connect_timeout, "connect_timeout"),
    # Of the whole request there is no timeout by default, and -1 is not one of its values.
    max(0, check_timeout(request_timeout, "request_timeout")),
    check_timeout(idle_timeout, "idle_timeout"),
    check_limit(max_response_bytes, "max_response_bytes"),
    check_limit(max_entry_bytes, "max_entry_bytes")
  )
  strings[4L] <- path.expand(strings[4L])
  headers <- header_lines(headers)
  load_library()
  pointer <- native(.Call(C_client_open, strings, headers, numbers))
  # Neither the key nor the headers are kept on R's side: printing or saving shows none.
  new_handle(pointer, "cj_client", server = .Call(C_client_server, pointer))
}

# A client of connectapi's, told by what it holds: that package is not needed here.
is_connectapi <- function(server) {
  is.environment(server) && is.character(server[["server"]]) && is.character(server[["api_key"]])
}

# Its address and key, and the headers that were added to its requests. Where one of these carries
# the key, it is the one to authenticate with (a proxy or Snowflake takes `Authorization`).
connectapi_settings <- function(client) {
  headers <- unlist(lapply(client[["httr_additions"]], function(added) as.list(added[["headers"]])))
  carries_key <- headers == paste("Key", client[["api_key"]])
  list(
    server = client[["server"]], api_key = client[["api_key"]],
    auth_header = if (any(carries_key)) names(headers)[carries_key][1L],
    headers = if (any(!carries_key)) headers[!carries_key]
  )
}

# An environment, so that all copies of a handle are closed when one is.
new_handle <- function(pointer, class, ...) {
  structure(list2env(list(pointer = pointer, ...), parent = emptyenv()), class = class)
}

# TRUE: 1; FALSE: -1, whatever the environment says; NULL: as the environment says.
check_insecure <- function(insecure) {
  if (is.null(insecure)) 0 else if (check_flag(insecure, "insecure")) 1 else -1
}

# The library takes 0 for its default and -1 for none.
check_retries <- function(max_retries) {
  if (is.null(max_retries)) {
    return(0)
  }
  retries <- check_number(max_retries, "max_retries", "a number, 0 to 1000", 0)
  if (retries > 1000) argument_error("`max_retries` must be a number, 0 to 1000.")
  if (retries < 1) -1 else floor(retries)
}

check_timeout <- function(value, name) {
  if (is.null(value)) 0 else check_seconds(value, name, endless = -1)
}

# c(Name = "value") as "Name: value" lines.
header_lines <- function(headers) {
  if (is.null(headers)) {
    return(character())
  }
  values <- check_strings(headers, "headers", "a named character vector")
  if (is.null(names(values)) || !all(nzchar(names(values)))) {
    argument_error("`headers` must have a name for each value, as in c(Name = \"value\").")
  }
  paste0(names(values), ": ", values)
}

close_handle <- function(con) {
  if (!.Call(C_close, con$pointer)) {
    argument_error("`con` is inside a call and cannot be closed before that returns.")
  }
  invisible()
}

close.cj_client <- function(con, ...) {
  close_handle(con)
  if (!is.null(con$sandbox)) stop_sandbox(con$sandbox)
  invisible()
}

print.cj_client <- function(x, ...) {
  state <- if (.Call(C_is_open, x$pointer)) "" else " (closed)"
  cat("<cj_client ", x$server, state, ">\n", sep = "")
  invisible(x)
}
