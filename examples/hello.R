library(connectjobs)
client <- cj_client() # CONNECT_SERVER and CONNECT_API_KEY
guid <- cj_content(client, "ticker-app")$guid
jobs <- cj_jobs(client, guid)
active <- jobs[jobs$active, ]
print(active)
latest <- active$key[which.max(active$start_time)]
cj_tail(client, guid, latest) # until it ends, or Ctrl-C
