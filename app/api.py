"""The routers in reading order: the table of contents of the API."""

from fastapi import APIRouter

from app.organisations.router import router as organisations

ROUTERS: tuple[APIRouter, ...] = (organisations,)
