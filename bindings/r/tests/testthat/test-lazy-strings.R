# Text columns make their strings when these are asked for (ALTREP). What is asked for here is asked
# of a fresh log each time, so that none has been made before.

fresh <- function() cj_log(canned(), "large", "k")

# "not made", "made in part" or "made"
state <- function(x) {
  output <- capture.output(.Internal(inspect(x)))
  sub(".*connectjobs strings [(](.*)[)].*", "\\1", output[1])
}

test_that("a string is made when it is asked for, and not before", {
  skip_without_library()
  log <- fresh()
  expect_equal(dim(log), c(5000L, 5L))
  for (name in c("data", "source", "job_key")) expect_equal(state(log[[name]]), "not made")
  expect_equal(log$data[[3]], "caf\u00e9 \U0001F600 2")
  expect_equal(state(log$data), "made in part")
  expect_equal(nchar(log$data[[7]]), 6L)
  expect_identical(sort(log$data), sort(large_lines()))
  expect_equal(log$source[[2]], "stderr")
  expect_equal(state(log$source), "not made")
})

test_that("such a vector is what an ordinary one would be", {
  skip_without_library()
  expected <- large_lines()
  uses <- list(
    identity, length, nchar, is.na, anyNA, unique, duplicated, rev, function(x) table(x), as.factor,
    toupper, sort, function(x) sort(x, decreasing = TRUE, method = "radix"), order, rank, summary,
    function(x) x %in% c("same", NA), function(x) match("line 600", x), function(x) "same" %in% x,
    function(x) grepl("\U0001F600", x, fixed = TRUE), function(x) sub("line", "l", x),
    function(x) which(x == "same"), function(x) paste(x, x), function(x) strsplit(x, " "),
    function(x) startsWith(x, "caf"), function(x) substr(x, 2, 5), function(x) enc2utf8(x),
    function(x) utf8ToInt(x[[3]]), function(x) Encoding(x),
    function(x) iconv(x, "UTF-8", "UTF-16LE", toRaw = TRUE),
    function(x) c(x, "more"), function(x) append(x, "more", 5), function(x) is.unsorted(x[1:2]),
    function(x) split(x, seq_along(x) %% 3), function(x) vapply(x, nchar, 0L), function(x) list(x),
    function(x) unserialize(serialize(x, NULL)), function(x) rapply(list(x), rev, how = "list"),
    function(x) as.vector(x, "list"), function(x) matrix(x, 2), function(x) mapply(identity, x),
    function(x) tapply(x, x, length), function(x) outer(x[1:9], x[1:9], "=="),
    function(x) all.equal(x, x), function(x) ifelse(is.na(x), "none", x), function(x) tail(x, 3),
    function(x) Reduce(paste0, head(x, 9))
  )
  for (i in seq_along(uses)) {
    expect_identical(uses[[i]](fresh()$data), uses[[i]](expected), label = deparse(uses[[i]])[1])
  }
})

test_that("parts of it are, too", {
  skip_without_library()
  expected <- large_lines()
  subscripts <- list(
    1:5, -1, 4000:1, c(1, NA, 6000, 3), c(TRUE, FALSE), 5000:1 %% 7 == 0, 0, integer(),
    c(NA, 5000:2), rep(1:5000, 2), 2000:4999 + 0.5, c(5001L, 1:4999), c(TRUE, NA), -(1:10)
  )
  for (i in seq_along(subscripts)) {
    part <- fresh()$data[subscripts[[i]]]
    expect_identical(part, expected[subscripts[[i]]], label = paste("part", i))
    again <- fresh()$data[subscripts[[i]]][c(3, 1)]
    expect_identical(again, expected[subscripts[[i]]][c(3, 1)], label = paste("part", i))
  }
  log <- fresh()
  errors <- log[log$source == "stderr", ]
  expect_equal(state(errors$data), "not made")
  expect_identical(errors$data, expected[c(FALSE, TRUE)])
  expect_equal(unique(errors$source), "stderr")
  expect_s3_class(errors, "cj_log")
  expect_identical(rev(errors$data)[1:3], rev(expected[c(FALSE, TRUE)])[1:3])
  # A small part does not keep the table.
  expect_false(state(log$data[1:10]) %in% c("not made", "made in part", "made"))
})

test_that("a change is made to the copy alone", {
  skip_without_library()
  log <- fresh()
  copy <- log$data
  copy[[2]] <- "changed"
  is.na(copy) <- 1
  expect_equal(copy[1:2], c(NA, "changed"))
  expect_identical(log$data, large_lines())
  copy[[2]] <- ""
  expect_equal(copy[[2]], "")
  log$data[log$data %in% "same"] <- "other"
  expect_equal(log$data[[6]], "other")
  names(copy) <- seq_along(copy)
  expect_equal(names(copy[3]), "3")
  expect_false(anyNA(fresh()$source))
  source <- fresh()$source
  source[4999] <- NA
  expect_true(anyNA(source))
})

test_that("it lives without its client, through collections", {
  skip_without_library()
  client <- canned()
  log <- cj_log(client, "large", "k")
  data <- log$data
  source <- log[log$source == "stdout", ]$source
  close(client)
  rm(client, log)
  for (i in 1:3) gc()
  expect_identical(data[100:1], large_lines()[100:1])
  gc()
  expect_identical(data, large_lines())
  expect_equal(unique(source), "stdout")
})

test_that("a finalizer may still read it", {
  skip_without_library()
  seen <- NULL
  local({
    owner <- new.env()
    # R runs the latest first: the table's is run before this one.
    reg.finalizer(owner, function(e) seen <<- e$data[1:3])
    owner$data <- fresh()$data
  })
  for (i in 1:3) gc()
  expect_identical(seen, large_lines()[1:3])
})

test_that("a saved workspace has ordinary vectors, and needs no package", {
  skip_without_library()
  file <- tempfile()
  on.exit(unlink(file))
  log <- fresh()
  expected <- large_lines()
  save(log, expected, file = file)
  script <- paste0(
    "load('", file, "'); cat(identical(log$data, expected), 'connectjobs' %in% loadedNamespaces())"
  )
  rscript <- file.path(R.home("bin"), "Rscript")
  output <- system2(rscript, c("--vanilla", "-e", shQuote(script)), stdout = TRUE)
  expect_equal(output, "TRUE FALSE")
  expect_identical(readRDS({
    saveRDS(log$source, file)
    file
  }), rep_len(c("stdout", "stderr"), 5000))
})

test_that("times are exact where that is asked for", {
  skip_without_library()
  log <- cj_log(canned(), "odd", "k", exact = TRUE)
  expect_equal(log$timestamp_exact, sprintf("2024-12-06T19:09:29.%09dZ", 0:4))
  expect_equal(names(log), c(names(cj_log(canned(), "odd", "k")), "timestamp_exact"))
  expect_null(cj_log(canned(), "odd", "k")$timestamp_exact)
  expect_equal(cj_log(canned(), "times", "k", exact = TRUE)$timestamp_exact, c(
    "1677-09-21T00:12:44.000000000Z", "1900-02-28T23:59:59.500000000Z",
    "1900-03-01T00:00:00.000000000Z", "1969-12-31T23:59:59.999999999Z",
    "1970-01-01T00:00:00.000000000Z", "2000-02-29T12:34:56.000000001Z",
    "2023-12-31T23:59:59.999000000Z", "2024-02-28T19:30:00.000000000Z",
    "2100-03-01T00:00:00.000000000Z", "2262-04-11T23:47:16.854775807Z"
  ))
})
