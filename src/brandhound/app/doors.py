"""The doors of the web process: every router, in the order in which they are asked."""

from fastapi import APIRouter

from brandhound.admin.logs.routes import router as logs
from brandhound.admin.routes import router as admin
from brandhound.ads.exchange_rates.routes import router as exchange_rates
from brandhound.ads.importing.routes import router as ad_importing
from brandhound.ads.routes import router as ads
from brandhound.ads.standings.routes import router as ad_standings
from brandhound.ads.syncing.routes import router as ad_syncing
from brandhound.app import slices
from brandhound.app.operating_routes import router as operating
from brandhound.brands.routes import router as brands
from brandhound.feeds.routes import router as feeds
from brandhound.jobs.routes import router as jobs
from brandhound.mentions.alerts.routes import router as alerts
from brandhound.mentions.deeds.routes import of_mentions as mention_deeds
from brandhound.mentions.deeds.routes import router as deeds
from brandhound.mentions.discovery.routes import router as discovery
from brandhound.mentions.learning.routes import router as learning
from brandhound.mentions.merging.routes import router as merging
from brandhound.mentions.opinions.routes import router as opinions
from brandhound.mentions.routes import router as mentions
from brandhound.mentions.tone_lessons.routes import router as tone_lessons
from brandhound.mentions.topics.routes import router as topics
from brandhound.mentions.variations.routes import router as variations
from brandhound.notifications.routes import router as notifications
from brandhound.providers.ai.routes import router as models
from brandhound.providers.routes import router as providers
from brandhound.reports.routes import router as reports
from brandhound.tenancy.routes import router as tenancy

# Whoever comes through a door may queue any job.
assert slices

ROUTERS: list[APIRouter] = [
    tenancy,
    logs,
    providers,
    models,
    jobs,
    notifications,
    brands,
    # Before the accounts: /api/ad-accounts/files is no account.
    ad_importing,
    ads,
    ad_syncing,
    ad_standings,
    exchange_rates,
    feeds,
    merging,
    discovery,
    variations,
    # Before the stories: /api/stories/tags is no story.
    deeds,
    mention_deeds,
    mentions,
    opinions,
    learning,
    tone_lessons,
    topics,
    alerts,
    reports,
    admin,
    operating,
]
