"""The addresses of ``ticketing``'s application: django-helpdesk's own, under the name it calls itself by."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("helpdesk.urls", namespace="helpdesk")),
]
