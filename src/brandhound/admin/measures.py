"""What processes count of their own work. Declared here, so that the reference names them; counted where it happens."""

from brandhound.core.measuring import metric

HTTP_REQUESTS = metric(
    "brandhound_http_requests_total",
    "counter",
    "Requests answered, by part of the product and kind of answer.",
    "part",
    "status",
)
HTTP_SECONDS = metric("brandhound_http_request_seconds", "histogram", "Time to answer a request.", "part")
HTTP_IN_FLIGHT = metric("brandhound_http_in_flight", "gauge", "Requests that are being answered.")
LIVE_STREAMS = metric("brandhound_live_streams", "gauge", "Open streams of live changes, a tab each.")
POOL_IN_USE = metric("brandhound_database_pool_in_use", "gauge", "Connections of the pool that are in use.", "role")
RUNS_ENDED = metric("brandhound_runs_ended_total", "counter", "Runs that ended, by job and by how.", "job", "state")
RUN_SECONDS = metric("brandhound_run_seconds", "histogram", "Time that runs took from their start.", "job")
RESIDENT = metric("brandhound_process_resident_bytes", "gauge", "Memory of a process and its children.")
CPU = metric("brandhound_process_cpu_seconds_total", "counter", "Processor time that a process used.")
UP_SINCE = metric("brandhound_process_start_time_seconds", "gauge", "When a process started, in Unix time.")
INFO = metric("brandhound_info", "gauge", "Always 1; the label is the version of the product.", "version")
PROBE_UP = metric("brandhound_probe_up", "gauge", "Whether the web server answered its own question, 1 or 0.")
PROBE_SECONDS = metric("brandhound_probe_seconds", "gauge", "How long that answer took.")
