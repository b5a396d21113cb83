test_that("the library says what it is", {
  skip_without_library()
  library <- cj_library()
  expect_equal(library$abi, 1L)
  expect_match(library$version, "^[0-9]+[.][0-9]+[.][0-9]+$")
  expect_true(file.exists(library$path))
})

test_that("where there is no library, the error says what was tried", {
  code <- "tryCatch(cj_client('http://h', 'k'), connectjobs_configuration = function(e) print(e))"
  output <- run_r(code, "CONNECTJOBS_LIBRARY=/nowhere/libconnectjobs.so")
  expect_match(output, "/nowhere/libconnectjobs.so: cannot open", all = FALSE, fixed = TRUE)
  expect_match(output, "CONNECTJOBS_LIBRARY", all = FALSE, fixed = TRUE)
})

test_that("a file that is another library is not used", {
  skip_on_os("mac")
  output <- run_r(
    "tryCatch(cj_library(), connectjobs_configuration = function(e) print(e))",
    "CONNECTJOBS_LIBRARY=libc.so.6"
  )
  expect_match(output, "libc.so.6: it has no function cjobs_", all = FALSE, fixed = TRUE)
})

test_that("the package can be loaded without the library", {
  expect_equal(run_r("cat('loaded\\n')", "CONNECTJOBS_LIBRARY=/nowhere"), "loaded")
})

test_that("only what is registered can be called", {
  expect_error(.Call("cjobs_version", PACKAGE = "connectjobs"), "not available")
})
