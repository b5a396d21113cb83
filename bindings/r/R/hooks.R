# Hooks: native functions that the library calls, and R functions that get what those leave.

hook_events <- c("entry", "job_seen", "job_ended", "kill_ordered")

cj_hooks <- function(client, allow_writable = FALSE) {
  pointer <- check_client(client)
  allow_writable <- check_flag(allow_writable, "allow_writable")
  hooks <- native(.Call(C_hooks_open, pointer, allow_writable))
  client$hooks <- list2env(list(pointer = hooks, functions = list()), parent = emptyenv())
  invisible(client)
}

# The client's set of hooks, made when it is first asked for.
hooks_of <- function(client) {
  check_client(client)
  if (is.null(client$hooks)) cj_hooks(client)
  client$hooks
}

cj_hook <- function(client, event, hook, fun = NULL, library = NULL,
                    on_failure = c("count", "end"), batch = FALSE) {
  hooks <- hooks_of(client)
  event <- check_choice(event, hook_events, "event")
  on_failure <- check_choice(on_failure[1L], c("count", "end"), "on_failure")
  if (is.function(hook)) {
    return(bind_function(hooks, event, hook, fun, library))
  }
  hook <- check_string(hook, "hook", "a signature or an R function", empty = TRUE)
  if (!is.null(library)) library <- path.expand(check_string(library, "library", empty = TRUE))
  numbers <- as.numeric(c(
    match(event, hook_events), on_failure == "end", check_flag(batch, "batch")
  ))
  address <- native_address(fun)
  number <- native(.Call(C_hooks_bind, hooks$pointer, hook, library, address, numbers))
  new_hook(hook, number)
}

bind_function <- function(hooks, event, hook, fun, library) {
  if (event != "entry" || !is.null(fun) || !is.null(library)) {
    argument_error("An R function can be bound to \"entry\", and is given alone.")
  }
  hooks$functions <- c(hooks$functions, list(hook))
  new_hook("an R function", hook)
}

# `what`: the number that the library gave, or the R function.
new_hook <- function(name, what) structure(list(name = name, what = what), class = "cj_hook")

print.cj_hook <- function(x, ...) {
  cat("<cj_hook ", x$name, ">\n", sep = "")
  invisible(x)
}

check_choice <- function(value, choices, name) {
  if (!is.character(value) || length(value) != 1L || !value %in% choices) {
    argument_error(
      "`", name, "` must be one of ", paste0("\"", choices, "\"", collapse = ", "),
      ", but it is ", if (is.character(value) && length(value) == 1L) value else described(value),
      "."
    )
  }
  value
}

# The address that getNativeSymbolInfo() gives, alone or with what else it says.
native_address <- function(fun) {
  if (is.null(fun)) {
    return(NULL)
  }
  if (inherits(fun, "NativeSymbolInfo")) fun <- fun$address
  if (inherits(fun, "RegisteredNativeSymbol")) {
    argument_error(
      "`fun` is a registered routine: give getNativeSymbolInfo() without withRegistrationInfo."
    )
  }
  if (typeof(fun) != "externalptr") {
    argument_error(
      "`fun` must be what getNativeSymbolInfo() gives, but it is ", described(fun),
      ". An R function is given instead of a signature."
    )
  }
  fun
}

cj_unhook <- function(client, hook) {
  hooks <- hooks_of(client)
  if (!inherits(hook, "cj_hook")) argument_error("`hook` must be what cj_hook() gives.")
  if (is.function(hook$what)) {
    place <- Position(function(each) identical(each, hook$what), hooks$functions)
    if (is.na(place)) argument_error("`hook` has been taken out already.")
    hooks$functions <- hooks$functions[-place]
  } else {
    native(.Call(C_hooks_unbind, hooks$pointer, hook$what))
  }
  invisible()
}

cj_hook_manifest <- function(client, path) {
  hooks <- hooks_of(client)
  path <- path.expand(check_string(path, "path", "the path of one file"))
  native(.Call(C_hooks_load_manifest, hooks$pointer, path))
  invisible()
}

cj_hook_stats <- function(client) {
  as_frame(native(.Call(C_hooks_stats, hooks_of(client)$pointer)))
}

# What the R functions leave of a batch of lines.
pass_hooks <- function(log, hooks) {
  for (fun in hooks$functions) log <- left_of(log, fun(log))
  log
}

left_of <- function(log, answer) {
  if (is.null(answer)) {
    log
  } else if (is.data.frame(answer)) {
    answer
  } else if (is.logical(answer) && length(answer) == nrow(log)) {
    log[which(answer), , drop = FALSE]
  } else {
    argument_error(
      "A hook must return a data frame, a logical value for each of ", nrow(log),
      " lines, or NULL, not ", described(answer), "."
    )
  }
}
