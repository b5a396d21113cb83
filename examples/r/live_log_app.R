# A Shiny app that shows the log of a job as it is written. It needs shiny (which brings later).
#
#     CONNECT_SERVER=https://connect.example.com CONNECT_API_KEY=... \
#       Rscript -e 'shiny::runApp("examples/r/live_log_app.R", launch.browser = TRUE)'
#
# One loop a session takes what is there with cj_tail_next(tail, 0), which does not wait, and asks
# `later` to be called again: R stays free for everybody else.
library(shiny)
library(connectjobs)

most_lines <- 500
seconds <- 0.2

ui <- fluidPage(
  titlePanel("A job's log, live"),
  selectInput("content", "Content", character()),
  selectInput("job", "Job", character()),
  verbatimTextOutput("log")
)

# The choices of a list: what is shown, with what it stands for.
named <- function(values, names) stats::setNames(as.list(values), names)

server <- function(input, output, session) {
  client <- cj_client()
  lines <- reactiveVal(character())
  tail <- NULL

  content <- cj_content(client)
  updateSelectInput(session, "content", choices = named(content$guid, content$name))

  observeEvent(input$content, ignoreInit = TRUE, {
    jobs <- cj_jobs(client, input$content)
    jobs <- jobs[order(jobs$start_time, decreasing = TRUE), ]
    labels <- paste(jobs$tag, format(jobs$start_time), ifelse(jobs$active, "(active)", ""))
    updateSelectInput(session, "job", choices = named(jobs$key, labels))
  })

  observeEvent(input$job, ignoreInit = TRUE, {
    if (!is.null(tail)) cj_tail_close(tail)
    tail <<- cj_tail_open(client, input$content, input$job)
    lines(character())
  })

  show <- function(more) lines(utils::tail(c(isolate(lines()), more), most_lines))

  # What has arrived is shown; a tail that has ended, well or not, is let go of.
  take <- function() {
    entries <- tryCatch(cj_tail_next(tail, 0), connectjobs_error = function(error) error)
    if (inherits(entries, "connectjobs_error")) {
      show(paste("--", conditionMessage(entries)))
      tail <<- NULL
    } else if (is.null(entries)) {
      show("-- The job has ended.")
      tail <<- NULL
    } else if (nrow(entries) > 0) {
      show(format(entries, n = most_lines))
    }
  }

  poll <- function() {
    if (session$isClosed()) {
      close(client)
      return()
    }
    if (!is.null(tail)) take()
    later::later(poll, seconds)
  }
  poll()

  output$log <- renderText(paste(lines(), collapse = "\n"))
}

shinyApp(ui, server)
