"""La custodia delle password."""

from registro.comune.password import Argon2Registro


def test_una_password_si_custodisce_con_i_parametri_misurati():
    custode = Argon2Registro()
    custodita = custode.encode("una frase lunga abbastanza", custode.salt())

    assert custodita.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert custode.verify("una frase lunga abbastanza", custodita)
    assert not custode.verify("un'altra frase", custodita)
    assert not custode.must_update(custodita)
