"""Gli indirizzi delle regole e dei registri."""

app_name = "privacy"

urlpatterns = []
