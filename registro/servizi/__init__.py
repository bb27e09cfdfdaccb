"""I server incorporati (PostgreSQL e Redis) e l'avvio della dimostrazione, delle prove, dei comandi."""
