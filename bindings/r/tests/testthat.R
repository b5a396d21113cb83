library(testthat)
library(connectjobs)

test_check("connectjobs")
