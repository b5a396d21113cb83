# A report that fails the way reports do: a column was renamed upstream.
message("Loading packages ...")
sales <- data.frame(quarter = c("Q1", "Q2", "Q3"), amount_eur = c(1250, 1410, 1388))
cat("Read", nrow(sales), "rows from sales.csv\n")
Sys.sleep(0.3)
cat("Revenue by quarter \u2014 drawing the table\n")
total <- sum(sales[, "amount"])
cat("Total:", total, "\n")
