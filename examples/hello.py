import connectjobs as cj

with cj.Client() as client:  # CONNECT_SERVER and CONNECT_API_KEY
    jobs = client.jobs(client.content("ticker-app").first).active()
    for job in jobs:
        print(job)
    for entry in jobs.latest.tail():  # until it ends, or Ctrl-C
        print(entry)
