"""Ways in which the real data can be damaged, and the rule that must notice each.

A mutation is a line: what is done, to which statement, and which rule must name which thing. ``-`` removes a
statement (``*`` any object), ``+`` adds one, ``~`` puts another object in place of all there are.
"""

from dataclasses import dataclass

A = "activity:"
SAIMAA, FUTURE, LOCKDOWN = "activity:saimaadialogit", "activity:tulevaisuusdialogit", "activity:poikkeusajan-dialogit"


@dataclass(frozen=True)
class Mutation:
    """One damage: operations, the rule that must fire, the thing that it must name."""

    name: str
    operations: tuple[str, ...]
    rule: str
    focus: str


def _m(name: str, rule: str, focus: str, *operations: str) -> Mutation:
    return Mutation(name, operations, rule, focus)


MUTATIONS: tuple[Mutation, ...] = (
    # names
    _m("label fi removed", "DLG-001", SAIMAA, f'- {SAIMAA} skos:prefLabel "Saimaadialogit"@fi'),
    _m("label sv removed", "DLG-001", LOCKDOWN, f'- {LOCKDOWN} skos:prefLabel "Undantagstidens dialoger"@sv'),
    _m("label en removed", "DLG-001", FUTURE, f'- {FUTURE} skos:prefLabel "Dialogues on the Future"@en'),
    _m("label fi doubled", "DLG-001", A + "ilmastoruokadialogit", f'+ {A}ilmastoruokadialogit skos:prefLabel "Toinen nimi"@fi'),
    _m("label without language", "DLG-001", A + "hyvin-sanottu-dialogit",
       f'~ {A}hyvin-sanottu-dialogit skos:prefLabel "Hyvin sanottu"'),
    _m("project label removed", "DLG-001", "project:core", "- project:core skos:prefLabel *"),
    _m("gap label removed", "DLG-001", "gap:sm-listaus", "- gap:sm-listaus skos:prefLabel *"),
    _m("remark label removed", "DLG-001", "remark:vertaisdialogi-listaus-2021-1",
       "- remark:vertaisdialogi-listaus-2021-1 skos:prefLabel *"),
    _m("two activities share a label", "DLG-042", A + "corevent-dialogit",
       f'~ {A}corevent-dialogit skos:prefLabel "Urgent-hankkeen oppituntidialogit"@fi'),
    # status and openness
    _m("status removed", "DLG-002", A + "saa-kuulua-dialogit", f"- {A}saa-kuulua-dialogit dlg:hasRealisationStatus *"),
    _m("status doubled", "DLG-002", A + "urgent-oppituntidialogit",
       f"+ {A}urgent-oppituntidialogit dlg:hasRealisationStatus status:planned"),
    _m("status of another scheme", "DLG-002", A + "keino-verkostotyo",
       f"~ {A}keino-verkostotyo dlg:hasRealisationStatus openness:open"),
    _m("status as text", "DLG-002", A + "hinku-naapuridialogi", f'~ {A}hinku-naapuridialogi dlg:hasRealisationStatus "ongoing"'),
    _m("openness removed", "DLG-003", A + "keino-verkostotyo", f"- {A}keino-verkostotyo dlg:hasOpenness *"),
    _m("openness doubled", "DLG-003", FUTURE, f"+ {FUTURE} dlg:hasOpenness openness:open"),
    _m("openness of another scheme", "DLG-003", A + "stm-hankevalmistelu",
       f"~ {A}stm-hankevalmistelu dlg:hasOpenness status:unstated"),
    # evidence
    _m("activity without passage", "DLG-004", A + "stm-hankevalmistelu", f"- {A}stm-hankevalmistelu dlg:isEvidencedBy *"),
    _m("participation without passage", "DLG-004", SAIMAA + "/participation/2",
       f"- {SAIMAA}/participation/2 dlg:isEvidencedBy *"),
    _m("count without passage", "DLG-004", SAIMAA + "/count/1", f"- {SAIMAA}/count/1 dlg:isEvidencedBy *"),
    _m("time without passage", "DLG-004", SAIMAA + "/time", f"- {SAIMAA}/time dlg:isEvidencedBy *"),
    _m("objective without passage", "DLG-004", A + "tenon-sidosryhmakeskustelu/objective/1",
       f"- {A}tenon-sidosryhmakeskustelu/objective/1 dlg:isEvidencedBy *"),
    _m("context without passage", "DLG-004", "project:circwaste", "- project:circwaste dlg:isEvidencedBy *"),
    _m("gap without passage", "DLG-004", "gap:listaus-osittainen", "- gap:listaus-osittainen dlg:isEvidencedBy *"),
    _m("remark without passage", "DLG-004", "remark:vertaisdialogi-listaus-2021-2",
       "- remark:vertaisdialogi-listaus-2021-2 dlg:isEvidencedBy *"),
    _m("evidence that is no passage", "DLG-004", A + "kansalaisraati-ilmastosuunnitelma-2021",
       f"~ {A}kansalaisraati-ilmastosuunnitelma-2021 dlg:isEvidencedBy agent:om"),
    _m("dangling passage", "DLG-004", A + "oph-ennakointidialogi", f"~ {A}oph-ennakointidialogi dlg:isEvidencedBy src:L999"),
    # kinds
    _m("kind removed", "DLG-005", A + "oph-etatyodialogit", f"- {A}oph-etatyodialogit rdf:type dlg:DialogueSeries"),
    _m("kind doubled", "DLG-005", A + "oph-sisaiset-dialogit", f"+ {A}oph-sisaiset-dialogit rdf:type dlg:DialogueEvent"),
    _m("two time spans", "DLG-006", LOCKDOWN, f"+ {LOCKDOWN} dlg:hasTimeSpan {SAIMAA}/time"),
    _m("time that is none", "DLG-006", FUTURE, f"~ {FUTURE} dlg:hasTimeSpan agent:om"),
    # places
    _m("place as text", "DLG-007", A + "ilmastoruokadialogit", f'+ {A}ilmastoruokadialogit dlg:hasPlace "Tampere"'),
    _m("place that is a city council", "DLG-007", A + "canemure-kaupunkirakenne",
       f"+ {A}canemure-kaupunkirakenne dlg:hasPlace agent:turku"),
    _m("area that is no place", "DLG-007", SAIMAA, f"~ {SAIMAA} dlg:isDispersedAcross theme:fishing"),
    _m("subject place that is no place", "DLG-007", A + "tenon-sidosryhmakeskustelu",
       f"~ {A}tenon-sidosryhmakeskustelu dlg:aboutPlace theme:fishing"),
    _m("place without YSO match", "DLG-048", "place:utsjoki", "- place:utsjoki skos:exactMatch *"),
    # contexts
    _m("feeds into an act", "DLG-008", A + "toimi-eratauko-dialogit", f"+ {A}toimi-eratauko-dialogit dlg:feedsInto instrument:ilmastolaki"),
    _m("used in an act", "DLG-008", A + "eratauko-dialogien-hyodyntaminen",
       f"+ {A}eratauko-dialogien-hyodyntaminen dlg:wasUsedIn instrument:ilmastolaki"),
    _m("reporter removed", "DLG-009", A + "toimi-eratauko-dialogit", f"- {A}toimi-eratauko-dialogit dlg:isReportedBy *"),
    _m("reporter that is a place", "DLG-009", A + "ilmastoruokadialogit", f"~ {A}ilmastoruokadialogit dlg:isReportedBy place:tampere"),
    _m("time removed", "DLG-010", A + "uusien-tyontekijoiden-dialogit", f"- {A}uusien-tyontekijoiden-dialogit dlg:hasTimeSpan *"),
    _m("count removed", "DLG-011", FUTURE, f"- {FUTURE} dlg:hasCount *"),
    # participations
    _m("role removed", "DLG-012", A + "ideafestivaalin-dialogit/participation/1", f"- {A}ideafestivaalin-dialogit/participation/1 cv:role *"),
    _m("role doubled", "DLG-012", A + "ideafestivaalin-dialogit/participation/2",
       f"+ {A}ideafestivaalin-dialogit/participation/2 cv:role role:organiser"),
    _m("role of another scheme", "DLG-012", A + "kotimaisen-kalan-keskustelu/participation/1",
       f"~ {A}kotimaisen-kalan-keskustelu/participation/1 cv:role status:planned"),
    _m("nobody takes part", "DLG-013", A + "kotimaisen-kalan-keskustelu/participation/2",
       f"- {A}kotimaisen-kalan-keskustelu/participation/2 dlg:participantKind *"),
    _m("named and kind at once", "DLG-013", A + "hyvin-sanottu-dialogit/participation/1",
       f"+ {A}hyvin-sanottu-dialogit/participation/1 dlg:participantKind participant-kind:ngos"),
    _m("two named at once", "DLG-013", A + "oph-ennakointidialogi/participation/1",
       f"+ {A}oph-ennakointidialogi/participation/1 cv:hasParticipant agent:vnk"),
    _m("basis removed", "DLG-014", SAIMAA + "/participation/3", f"- {SAIMAA}/participation/3 dlg:assertionBasis *"),
    _m("basis doubled", "DLG-014", SAIMAA + "/participation/4", f"+ {SAIMAA}/participation/4 dlg:assertionBasis basis:external"),
    _m("basis as text", "DLG-014", SAIMAA + "/participation/5", f'~ {SAIMAA}/participation/5 dlg:assertionBasis "explicit"'),
    _m("participation hangs from nothing", "DLG-015", FUTURE + "/participation/2",
       f"- {FUTURE} cv:hasParticipation {FUTURE}/participation/2"),
    _m("participation hangs from two", "DLG-015", FUTURE + "/participation/3",
       f"+ {LOCKDOWN} cv:hasParticipation {FUTURE}/participation/3"),
    _m("foreign property on a participation", "DLG-016", FUTURE + "/participation/4", f'+ {FUTURE}/participation/4 dlg:lineNumber "3"'),
    _m("foreign property on a count", "DLG-016b", FUTURE + "/count/1", f"+ {FUTURE}/count/1 dlg:hasPlace place:suomi"),
    _m("foreign property on a time", "DLG-016c", FUTURE + "/time", f"+ {FUTURE}/time dlg:hasPlace place:suomi"),
    _m("explicit by heading only", "DLG-017", A + "kielitietoisuuden-tyokalu/participation/2",
       f"~ {A}kielitietoisuuden-tyokalu/participation/2 dlg:isEvidencedBy src:L032-0-16"),
    _m("participant that is a place", "DLG-018", A + "kielitietoisuuden-tyokalu/participation/3",
       f"~ {A}kielitietoisuuden-tyokalu/participation/3 cv:hasParticipant place:turku"),
    _m("affiliation without kind", "DLG-019", A + "uusien-tyontekijoiden-dialogit/participation/1",
       f"+ {A}uusien-tyontekijoiden-dialogit/participation/1 dlg:participantAffiliation agent:om"),
    _m("one-sided alternative", "DLG-020", A + "eratauko-mallin-arviointi/participation/1",
       f"- {A}eratauko-mallin-arviointi/participation/2 dlg:isAlternativeTo *"),
    # counts
    _m("value removed", "DLG-021", A + "demokratiaohjelman-eratauko-dialogit/count/1",
       f"- {A}demokratiaohjelman-eratauko-dialogit/count/1 schema:value *"),
    _m("value and quantifier", "DLG-021", A + "oph-koulutuksen-tasa-arvon-dialogit/count/1",
       f"+ {A}oph-koulutuksen-tasa-arvon-dialogit/count/1 dlg:quantifier quantifier:several"),
    _m("value as text", "DLG-021", A + "oph-etatyodialogit/count/1", f'~ {A}oph-etatyodialogit/count/1 schema:value "2"'),
    _m("unit removed", "DLG-021", A + "oph-etajohtamisen-dialogi/count/1", f"- {A}oph-etajohtamisen-dialogi/count/1 dlg:countedUnit *"),
    _m("range without end", "DLG-021", LOCKDOWN + "/count/2", f"- {LOCKDOWN}/count/2 schema:maxValue *"),
    _m("negative value", "DLG-021", A + "oph-osaamisen-tasa-arvon-dialogi/count/1",
       f"~ {A}oph-osaamisen-tasa-arvon-dialogi/count/1 schema:value -1"),
    _m("range upside down", "DLG-022", LOCKDOWN + "/count/2", f"~ {LOCKDOWN}/count/2 schema:minValue 3"),
    _m("ratio to nothing", "DLG-023", LOCKDOWN + "/count/2", f"~ {LOCKDOWN}/count/2 dlg:perUnit unit:event"),
    # times
    _m("EDTF removed", "DLG-024", A + "ilmastoruokadialogit/time", f"- {A}ilmastoruokadialogit/time dlg:edtf *"),
    _m("EDTF as plain text", "DLG-024", A + "tenon-sidosryhmakeskustelu/time", f'~ {A}tenon-sidosryhmakeskustelu/time dlg:edtf "2020-03"'),
    _m("EDTF that is none", "DLG-024", LOCKDOWN + "/time", f"~ {LOCKDOWN}/time dlg:edtf edtf'spring 2020"),
    _m("bound removed", "DLG-025", A + "ideafestivaalin-dialogit/time", f"- {A}ideafestivaalin-dialogit/time dlg:beginNotAfter *"),
    _m("bound out of order", "DLG-025", A + "mmm-dialogikoulutus-2021/time",
       f"~ {A}mmm-dialogikoulutus-2021/time dlg:endNotAfter date'2020-01-01"),
    _m("bound as text", "DLG-025", A + "mmm-dialogikoulutus-syksy-2021/time",
       f'~ {A}mmm-dialogikoulutus-syksy-2021/time dlg:endNotBefore "2021-08-01"'),
    _m("bound against the EDTF", "DLG-026", A + "demokratiaohjelman-eratauko-dialogit/time",
       f"~ {A}demokratiaohjelman-eratauko-dialogit/time dlg:beginNotBefore date'2020-02-01"),
    _m("EDTF against the bounds", "DLG-026", A + "kansalaisraati-ilmastosuunnitelma-2021/time",
       f"~ {A}kansalaisraati-ilmastosuunnitelma-2021/time dlg:edtf edtf'2021-23"),
    _m("time without wording", "DLG-027", A + "vertaisdialogi-2021-06-08/time", f"- {A}vertaisdialogi-2021-06-08/time dlg:sourceExpression *"),
    _m("count without wording", "DLG-027", A + "syke-dialogi-hankkeissa/count/1", f"- {A}syke-dialogi-hankkeissa/count/1 dlg:sourceExpression *"),
    # passages
    _m("passage without source", "DLG-028", "src:L022", "- src:L022 oa:hasSource *"),
    _m("passage without line", "DLG-028", "src:L023", "- src:L023 dlg:lineNumber *"),
    _m("passage without digest", "DLG-028", "src:L024", "- src:L024 dlg:sha256 *"),
    _m("digest that is none", "DLG-028", "src:L025", '~ src:L025 dlg:sha256 "abc"'),
    _m("passage without position", "DLG-028", "src:L021", "- src:L021 oa:hasSelector src:L021/position"),
    _m("passage without words", "DLG-028", "src:L034", "- src:L034 oa:hasSelector src:L034/range"),
    _m("position upside down", "DLG-028b", "src:L035/position", "~ src:L035/position oa:end 1"),
    _m("position without start", "DLG-028b", "src:L036/position", "- src:L036/position oa:start *"),
    _m("quotation changed", "DLG-028c", "src:L076-68-11", '~ src:L076-68-11/quote oa:exact "51 dialogia"@fi'),
    _m("position moved", "DLG-028c", "src:L023-106-31", "~ src:L023-106-31/position oa:end 9999"),
    _m("digest of other words", "DLG-028c", "src:L023-138-31", f'~ src:L023-138-31 dlg:sha256 "{"0" * 64}"'),
    _m("quotation of thirteen words", "DLG-028d", "src:L022-97-9/quote",
       '~ src:L022-97-9/quote oa:exact "a b c d e f g h i j k l m"@fi'),
    _m("item in another section", "DLG-029", "src:L017", "~ src:L017 dlg:inSection src:section/vm"),
    _m("item without statement", "DLG-030", "src:L103", "- src:L103 dlg:isNonFactual *"),
    _m("document without digest", "DLG-031", "doc:vertaisdialogi-listaus-2021", "- doc:vertaisdialogi-listaus-2021 dlg:sha256 *"),
    _m("document without day", "DLG-031", "doc:vertaisdialogi-listaus-2021", "- doc:vertaisdialogi-listaus-2021 dlg:referenceDate *"),
    # meaning
    _m("upcoming said to be done", "DLG-033", A + "hyvin-sanottu-dialogit", f"~ {A}hyvin-sanottu-dialogit dlg:hasRealisationStatus status:realised"),
    _m("future said to be done", "DLG-034", A + "ilmasto-oppaan-kehittaminen",
       f"~ {A}ilmasto-oppaan-kehittaminen dlg:hasRealisationStatus status:realised"),
    _m("past said to be planned", "DLG-036", A + "demokratiaohjelman-eratauko-dialogit",
       f"~ {A}demokratiaohjelman-eratauko-dialogit dlg:hasRealisationStatus status:planned"),
    _m("gap removed", "DLG-037", "agent:sm", "- gap:sm-listaus dlg:gapAbout *"),
    _m("gap about one with activities", "DLG-037", "agent:vm", "+ gap:sm-listaus dlg:gapAbout agent:vm"),
    _m("reporter without part", "DLG-038", A + "oph-alueelliset-dialogit",
       f"- {A}oph-alueelliset-dialogit/participation/1 cv:hasParticipant *"),
    _m("part of itself", "DLG-039", A + "oph-alueelliset-dialogit",
       f"+ {A}oph-alueelliset-dialogit dlg:isPartOf {A}oph-koulutuksen-tasa-arvon-dialogit"),
    _m("outsider within", "DLG-040", A + "vnk-strategiaosaston-eratauko",
       f"~ {A}vnk-strategiaosaston-eratauko/participation/1 cv:hasParticipant agent:om"),
    _m("public but internal", "DLG-041", A + "mmm-henkilostofoorumin-keskustelu",
       f"+ {A}mmm-henkilostofoorumin-keskustelu rdf:type cv:PublicEvent"),
    _m("one of two reporters without part", "DLG-043", LOCKDOWN, f"- {LOCKDOWN}/participation/1 cv:hasParticipant *"),
    _m("a role and its broader role", "DLG-044", A + "toimi-eratauko-dialogit",
       f"+ {A}toimi-eratauko-dialogit cv:hasParticipation {A}toimi-eratauko-dialogit/participation/9",
       f"+ {A}toimi-eratauko-dialogit/participation/9 cv:hasParticipant agent:vnk",
       f"+ {A}toimi-eratauko-dialogit/participation/9 cv:role role:organising"),
    _m("a plan that was used", "DLG-045", A + "eu-konferenssin-eratauko-keskustelut",
       f"+ {A}eu-konferenssin-eratauko-keskustelut dlg:wasUsedIn process:ilmastolain-valmistelu"),
    # vocabulary and dataset
    _m("concept without English name", "DLG-047", "method:eratauko", '- method:eratauko skos:prefLabel "Timeout"@en'),
    _m("concept without definition", "DLG-047", "theme:trust", "- theme:trust skos:definition *"),
    _m("concept without scheme", "DLG-047", "unit:group", "- unit:group skos:inScheme *"),
    _m("concept without Swedish name", "DLG-047b", "theme:diet", '- theme:diet skos:prefLabel "Kost"@sv'),
    _m("term that nothing declares", "DLG-049", "dlg:hasPlaces", f"+ {SAIMAA} dlg:hasPlaces place:saimaa"),
    _m("term without definition", "DLG-050", "dlg:feedsInto", "- dlg:feedsInto skos:definition *"),
    _m("property named like a class", "DLG-050b", "dlg:HasThing", "+ dlg:HasThing rdf:type owl:ObjectProperty"),
    _m("unknown namespace", "DLG-051", "http://purl.org/dc/terms#title", f'+ {SAIMAA} <http://purl.org/dc/terms#title> "x"'),
    _m("stub relabelled", "DLG-052", "cv:role", '~ cv:role rdfs:label "part played"@en'),
    _m("dataset without licence", "DLG-053", "https://w3id.org/dialogiverkko/dataset",
       "- <https://w3id.org/dialogiverkko/dataset> dcterms:license *"),
    _m("a person", "DLG-054", "agent:jane-doe", "+ agent:jane-doe rdf:type foaf:Person"),
)  # fmt: skip
