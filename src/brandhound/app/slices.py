"""What every process that works is built from: the jobs of all packages, and what connects them."""

from brandhound.admin import jobs as admin_jobs
from brandhound.admin.logs import jobs as logs_jobs
from brandhound.ads import asset_models, fact_models, object_models, sync_models
from brandhound.ads import jobs as ads_jobs
from brandhound.ads.assets import jobs as ad_assets_jobs
from brandhound.ads.standings import jobs as standings_jobs
from brandhound.ads.syncing import jobs as ad_syncing_jobs
from brandhound.ads.syncing import stopping_short
from brandhound.app import waking
from brandhound.feeds import jobs as feeds_jobs
from brandhound.jobs import jobs as jobs_jobs
from brandhound.mentions import jobs as mentions_jobs
from brandhound.mentions import story_models
from brandhound.mentions.alerts import jobs as alerts_jobs
from brandhound.mentions.deeds import jobs as deeds_jobs
from brandhound.mentions.discovery import jobs as discovery_jobs
from brandhound.mentions.learning import jobs as learning_jobs
from brandhound.mentions.merging import jobs as merging_jobs
from brandhound.mentions.opinions import jobs as opinions_jobs
from brandhound.mentions.tone_lessons import jobs as tone_lessons_jobs
from brandhound.mentions.topics import jobs as topics_jobs
from brandhound.notifications import jobs as notifications_jobs
from brandhound.reports import jobs as reports_jobs

# Importing a module of jobs registers them.
JOB_MODULES = (
    jobs_jobs,
    logs_jobs,
    notifications_jobs,
    ads_jobs,
    ad_syncing_jobs,
    ad_assets_jobs,
    standings_jobs,
    feeds_jobs,
    mentions_jobs,
    opinions_jobs,
    deeds_jobs,
    merging_jobs,
    learning_jobs,
    tone_lessons_jobs,
    topics_jobs,
    alerts_jobs,
    discovery_jobs,
    reports_jobs,
    admin_jobs,
)

# Importing it connects what happens to outside services with the work that waits for them.
WIRES = (waking,)

# Importing it makes known what codes mean that runs end with: a notice says so in words, and is written by a worker.
MEANINGS = (stopping_short,)

# Importing them makes their tables known, whoever reads them first.
TABLES = (object_models, asset_models, fact_models, sync_models, story_models)
