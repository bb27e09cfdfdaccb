"""Gli indirizzi delle persone: una persona è sempre un identificativo opaco, mai un nome."""

app_name = "beneficiari"

urlpatterns = []
