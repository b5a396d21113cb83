if (!is.null(servers$canned)) connectjobs:::stop_sandbox(servers$canned)
if (!is.null(servers$sandbox)) close(servers$sandbox)
