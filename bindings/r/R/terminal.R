# What is shown on a terminal. Whatever comes from a log or a server is untrusted: control
# characters, and so the escape sequences that drive a terminal, are shown as \x1b and the like.
# Colours are let through where they are wanted, and left out elsewhere.

control_pattern <- "[\\x{01}-\\x{08}\\x{0a}-\\x{1f}\\x{7f}-\\x{9f}]"
colour_pattern <- "\\x{1b}\\[[0-9;]*m"
end_of_colour <- "\033[0m"

neutral <- function(text, colour = FALSE) {
  text[is.na(text)] <- ""
  bad <- which(grepl(control_pattern, enc2utf8(text), perl = TRUE))
  text[bad] <- vapply(text[bad], neutral_line, "", colour = colour, USE.NAMES = FALSE)
  text
}

# The colours are taken out first: what is left is looked at as it will be shown.
neutral_line <- function(line, colour) {
  line <- enc2utf8(line)
  found <- gregexpr(colour_pattern, line, perl = TRUE)
  if (found[[1L]][1L] < 0L) {
    return(escaped(line))
  }
  between <- regmatches(line, found, invert = TRUE)[[1L]]
  if (!colour) {
    return(escaped(paste(between, collapse = "")))
  }
  between <- vapply(between, escaped, "", USE.NAMES = FALSE)
  paste0(paste0(between, c(regmatches(line, found)[[1L]], end_of_colour)), collapse = "")
}

escaped <- function(line) {
  codes <- utf8ToInt(enc2utf8(line))
  characters <- intToUtf8(codes, multiple = TRUE)
  control <- (codes < 32L & codes != 9L) | (codes >= 127L & codes < 160L)
  characters[control] <- sprintf("\\x%02x", codes[control])
  paste(characters, collapse = "")
}

# Whether standard output shows colours: a terminal that is not dumb, or RStudio's console.
has_colour <- function() {
  if (nzchar(Sys.getenv("NO_COLOR")) || sink.number() > 0L) {
    FALSE
  } else if (nzchar(Sys.getenv("RSTUDIO_CONSOLE_COLOR"))) {
    TRUE
  } else {
    isatty(stdout()) && !Sys.getenv("TERM") %in% c("", "dumb")
  }
}

# `code`: what the terminal is told, such as "2" for faint.
painted <- function(text, code, colour) {
  if (colour) paste0("\033[", code, "m", text, end_of_colour) else text
}

# As wide as the widest, on the screen.
padded <- function(text, right = FALSE) {
  width <- nchar(text, "width")
  space <- strrep(" ", max(0L, width) - width)
  if (right) paste0(space, text) else paste0(text, space)
}

# The rows of a table of text as lines, under its names.
table_lines <- function(table) {
  columns <- Map(function(name, column) padded(c(name, neutral(column))), names(table), table)
  sub(" +$", "", do.call(paste, unname(columns)))
}

has_columns <- function(frame, ...) all(c(...) %in% names(frame))

# A number of rows to show, which may be Inf.
check_rows <- function(n) check_number(n, "n", "a number of rows, 0 or more", 0)

grouped <- function(number) formatC(number, format = "d", big.mark = ",")
