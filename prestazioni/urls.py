"""Gli indirizzi delle prestazioni: persone e righe sono sempre identificativi opachi."""

from django.urls import URLPattern


app_name = "prestazioni"

urlpatterns: list[URLPattern] = []
