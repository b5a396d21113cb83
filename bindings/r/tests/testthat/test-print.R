jobs <- function(...) {
  frame <- data.frame(
    key = c("a", "b", "c"), tag = c("run\033[2J", "build_report", NA),
    status = c(0L, 2L, NA), exit_code = c(NA, 3L, NA),
    start_time = .POSIXct(c(1e9, 1e9 + 60, NA), "UTC"),
    end_time = .POSIXct(c(NA, 1e9 + 64.2, NA), "UTC"), active = c(TRUE, FALSE, FALSE)
  )
  structure(frame, class = c("cj_jobs", "data.frame"))
}

log_of <- function(data) {
  structure(data.frame(
    timestamp = .POSIXct(1e9 + seq_along(data), "UTC"), source = "stdout", data = data
  ), class = c("cj_log", "data.frame"))
}

test_that("jobs print as a table of what matters", {
  output <- capture.output(print(jobs()))
  expect_match(output[1], "<3 jobs, 1 active>", fixed = TRUE)
  expect_match(output, "build_report finalized 3", all = FALSE, fixed = TRUE)
  expect_match(output, "4.2s", all = FALSE, fixed = TRUE)
  expect_false(any(grepl("\033", output)))
  expect_match(output, "run\\x1b[2J", all = FALSE, fixed = TRUE)
  expect_match(capture.output(print(jobs(), n = 1)), "2 more", all = FALSE)
  expect_equal(format(jobs()), output)
  expect_length(format(jobs()[rep(1, 50), ]), 23L)
  expect_length(format(jobs()[rep(1, 50), ], n = Inf), 52L)
  expect_output(print(jobs()["key"]), "key")
  expect_output(print(jobs()[0, ]), "0 jobs")
})

test_that("a log prints like a log, and drives no terminal", {
  log <- log_of(c("one", "two\033]0;title\a", "tab\there", "c1 \u009b2J", NA))
  output <- capture.output(print(log))
  expect_equal(output[1], "01:46:41.000 stdout one")
  expect_match(output[2], "two\\x1b]0;title\\x07", fixed = TRUE)
  expect_match(output[3], "tab\there", fixed = TRUE)
  expect_match(output[4], "c1 \\x9b2J", fixed = TRUE)
  expect_match(capture.output(print(log, n = 2))[1], "3 earlier lines")
  expect_output(print(log["data"]), "data")
  expect_output(print(log[0, ]), "empty")
  expect_equal(format(log[0, ]), character())
  expect_equal(format(log), output)
  long <- log_of(rep("x", 150))
  expect_length(format(long), 101L)
  expect_length(format(long, n = Inf), 150L)
})

test_that("colours are shown where they are wanted, and nothing else of the kind", {
  log <- log_of(c("\033[31mred\033[0m", "\033\033[0m[2J", "a\033[1;32mb\033[2Kc", "none"))
  expect_equal(
    sub("^.{20}", "", format(log)), c("red", "\\x1b[2J", "ab\\x1b[2Kc", "none")
  )
  log$source[4] <- "stderr"
  lines <- format(log, colour = TRUE)
  expect_match(lines[1], "\033[31mred\033[0m\033[0m", fixed = TRUE)
  expect_match(lines[2], "stdout \\x1b\033[0m[2J\033[0m", fixed = TRUE)
  expect_match(lines[3], "a\033[1;32mb\\x1b[2Kc\033[0m", fixed = TRUE)
  expect_match(lines[4], "^\033\\[2m01:46:44.000\033\\[0m \033\\[31mstderr\033\\[0m none$")
  # What is left of a line of any bytes drives nothing.
  set.seed(1)
  pieces <- c("\033", "[", "0", ";", "m", "2", "J", "]", "\a", "\u009b", "x", "\r", "\n", "\\")
  lines <- vapply(1:500, function(i) paste(sample(pieces, 12, TRUE), collapse = ""), "")
  drives <- function(line) any(utf8ToInt(line) %in% c(0:8, 10:31, 127:159))
  neutral <- connectjobs:::neutral
  expect_false(any(vapply(neutral(lines), drives, NA)))
  left <- gsub("\033\\[[0-9;]*m", "", neutral(lines, colour = TRUE))
  expect_false(any(vapply(left, drives, NA)))
  expect_true(any(grepl("\033", neutral(lines, colour = TRUE))))
})

test_that("what is not a terminal gets no colour", {
  expect_false(grepl("\033", capture.output(print(log_of("x")))[1]))
  code <- "cat(connectjobs:::has_colour(), '\\n')"
  expect_equal(run_r(code, c("TERM=xterm", "NO_COLOR=1")), "FALSE ")
  expect_equal(run_r(code, "RSTUDIO_CONSOLE_COLOR=256"), "TRUE ")
  expect_equal(run_r(code, "TERM=xterm"), "FALSE ")
})

test_that("summaries are short", {
  expect_equal(summary(jobs())$tag, c("", "build_report", "run\033[2J"))
  expect_equal(summary(jobs())$failed, c(0, 1, 0))
  output <- capture.output(print(summary(jobs())))
  expect_length(output, 4L)
  expect_match(output[4], "run\\x1b[2J", fixed = TRUE)
  expect_output(print(summary(jobs()[0, ])), "no jobs")
  many <- jobs()[rep(1, 50), ]
  many$tag <- as.character(1:50)
  expect_length(capture.output(print(summary(many))), 22L)
  expect_output(print(summary(log_of(c("a", "b")))), "2 lines, 0 of stderr")
  expect_output(print(summary(log_of("a")[0, ])), "0 lines")
  expect_s3_class(summary(jobs()["key"]), "table")
})

test_that("durations read well", {
  expect_equal(
    connectjobs:::duration(c(0, 4.25, 59.99, 61, 3599.9, 3661, NA, -1)),
    c("0.0s", "4.2s", "60.0s", "1m 01s", "1h 00m", "1h 01m", "", "")
  )
})

test_that("jobs can be plotted", {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit(unlink(file))
  expect_silent(plot(jobs()))
  expect_silent(plot(jobs()[rep(1:2, 100), ]))
  expect_silent(plot(jobs(), labels = c("x", "y", "z"), main = "Mine", col.axis = "red"))
  expect_error(plot(jobs()[3, ]), class = "connectjobs_invalid_argument")
  expect_error(plot(jobs(), labels = "x"), "labels", class = "connectjobs_invalid_argument")
  expect_error(plot(jobs()["start_time"]), "end_time", class = "connectjobs_invalid_argument")
  before <- graphics::par("mar")
  plot(jobs())
  expect_equal(graphics::par("mar"), before)
  grDevices::dev.off()
})

test_that("a bar lasts as long as its job, and has the colour of how it ended", {
  skip_if_not(capabilities("cairo"))
  file <- tempfile(fileext = ".svg")
  on.exit(unlink(file))
  frame <- jobs()[c(2, 2, 2), ]
  frame$exit_code <- c(3L, 0L, NA)
  frame$end_time <- frame$start_time + c(100, 50, NA)
  grDevices::svg(file, 7, 5)
  plot(frame)
  grDevices::dev.off()
  text <- paste(readLines(file), collapse = "")
  colours <- connectjobs:::outcome_colours
  bars <- lapply(colours, function(colour) {
    rgb <- paste(sprintf("%.6f%%", grDevices::col2rgb(colour) / 2.55), collapse = ", ?")
    found <- regmatches(text, gregexpr(paste0("<path[^>]*fill:rgb\\(", rgb, "[^>]*>"), text))[[1]]
    widths <- vapply(found, function(path) {
      corners <- sub(".* d=\"([^\"]*)\".*", "\\1", path)
      numbers <- as.numeric(regmatches(corners, gregexpr("[0-9.]+", corners))[[1]])
      diff(range(numbers[c(TRUE, FALSE)]))
    }, 0)
    unname(widths)
  })
  expect_length(bars$active, 0L)
  expect_gt(max(bars$failed), 1.9 * max(bars$ended))
  expect_lt(max(bars$failed), 2.1 * max(bars$ended))
  expect_gt(length(bars$unknown), 0L)
})
