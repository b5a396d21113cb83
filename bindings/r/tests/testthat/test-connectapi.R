# connectapi is not needed: its objects are told by what they hold. These are made as it makes them,
# environments with a class, public fields and methods.

connectapi_client <- function() {
  invisible(canned())
  fields <- list(
    server = servers$address, api_key = "key", tags = NULL, httr_additions = list(),
    using_auth = TRUE, content = function(guid = NULL) stop("not to be called")
  )
  structure(list2env(fields), class = c("Connect", "R6"))
}

connectapi_content <- function(guid) {
  fields <- list(connect = connectapi_client(), content = list(guid = guid, name = "n"))
  structure(list2env(fields), class = c("Content", "R6"))
}

# What the server was sent.
sent <- function(client) cj_log(client, "headers", "k")$data

test_that("its client can be handed over", {
  skip_without_library()
  client <- cj_client(connectapi_client(), proxy = "")
  expect_equal(client$server, servers$address)
  expect_true("Authorization: Key key" %in% sent(client))
  other <- cj_client(connectapi_client(), api_key = "other", proxy = "")
  expect_true("Authorization: Key other" %in% sent(other))
})

test_that("headers that were added to its requests are sent", {
  skip_without_library()
  added <- structure(list(headers = c("X-Mine" = "1", "X-RSC-Authorization" = "Key key")),
                     class = "request")
  given <- connectapi_client()
  given$httr_additions <- list(added)
  headers <- sent(cj_client(given, proxy = "", headers = c("X-More" = "2")))
  expect_true(all(c("X-Mine: 1", "X-More: 2", "X-RSC-Authorization: Key key") %in% headers))
  expect_false(any(grepl("^Authorization:", headers)))
})

test_that("a content item stands for its GUID", {
  skip_without_library()
  client <- canned()
  expect_equal(nrow(cj_jobs(client, connectapi_content("odd"))), 3L)
  expect_equal(nrow(cj_jobs(client, list(guid = "odd", title = NULL))), 3L)
  items <- data.frame(guid = c("odd", "none"), name = "n")
  expect_equal(nrow(cj_jobs(client, items[1, ])), 3L)
  expect_equal(cj_jobs_many(client, items)$requested_guid, rep("odd", 3))
  many <- cj_jobs_many(client, list(connectapi_content("odd"), "e404"))
  expect_equal(many$requested_guid, c("odd", "odd", "odd", "e404"))
  expect_equal(nrow(cj_tail_next(cj_tail_open(client, items[1, ], "k"), 5)) > 0L, TRUE)
})

test_that("what is neither is named", {
  skip_without_library()
  client <- canned()
  expect_error(cj_jobs(client, data.frame(guid = c("a", "b"))), "`guid`.*2 values")
  expect_error(cj_jobs(client, connectapi_client()), "`guid`.*Connect/R6")
  expect_error(cj_jobs(client, list(name = "n")), "`guid`")
  expect_error(cj_jobs_many(client, list(list(name = "n"), 5)), "`guids[[]{2}1")
  expect_error(cj_client(client), "`server`.*cj_client")
})
