namespace LivingCity.Dataspace.Policies;

/// <summary>How much a rule can be relied on.</summary>
internal enum Assurance
{
    /// <summary>This connector sees to it.</summary>
    Enforced,

    /// <summary>The consumer confirms it, and is asked when it does not.</summary>
    Attested,

    /// <summary>The consumer has promised it, and what it does is on record.</summary>
    Declared,
}

/// <summary>The sentences of the policy editor in four languages. <c>{0}</c> is what the person fills in. One sentence is one rule or one condition.</summary>
internal static class Wording
{
    public static readonly IReadOnlyList<string> Languages = ["en", "bg", "es", "fr"];

    public static readonly IReadOnlyDictionary<string, string[]> Sentences = new Dictionary<string, string[]>
    {
        ["use"] = ["The data may be used.", "Данните могат да се използват.", "Los datos se pueden utilizar.", "Les données peuvent être utilisées."],
        ["aggregate"] = ["Only aggregates of the data may be had.", "Могат да се получат само обобщени данни.", "Solo se pueden obtener datos agregados.", "Seules des données agrégées peuvent être obtenues."],
        ["anonymize"] = ["Only anonymised data may be had.", "Могат да се получат само анонимизирани данни.", "Solo se pueden obtener datos anonimizados.", "Seules des données anonymisées peuvent être obtenues."],
        ["purpose"] = ["The purpose must be {0}.", "Целта трябва да е {0}.", "La finalidad debe ser {0}.", "La finalité doit être {0}."],
        ["notPurpose"] = ["The purpose must not be {0}.", "Целта не трябва да е {0}.", "La finalidad no debe ser {0}.", "La finalité ne doit pas être {0}."],
        ["area"] = ["Only data from the area {0} is handed out.", "Предоставят се само данни от района {0}.", "Solo se entregan datos de la zona {0}.", "Seules les données de la zone {0} sont remises."],
        ["credential"] = ["The user must show the credential {0}.", "Ползвателят трябва да покаже удостоверение {0}.", "El usuario debe mostrar la credencial {0}.", "L'utilisateur doit présenter l'attestation {0}."],
        ["from"] = ["The use may begin on {0}.", "Използването може да започне на {0}.", "El uso puede comenzar el {0}.", "L'utilisation peut commencer le {0}."],
        ["until"] = ["The use ends on {0}.", "Използването приключва на {0}.", "El uso termina el {0}.", "L'utilisation prend fin le {0}."],
        ["observedFrom"] = ["Only data observed from {0} on is handed out.", "Предоставят се само данни, наблюдавани от {0} нататък.", "Solo se entregan datos observados a partir del {0}.", "Seules les données observées à partir du {0} sont remises."],
        ["observedUntil"] = ["Only data observed until {0} is handed out.", "Предоставят се само данни, наблюдавани до {0}.", "Solo se entregan datos observados hasta el {0}.", "Seules les données observées jusqu'au {0} sont remises."],
        ["count"] = ["At most {0} requests are answered.", "Отговаря се най-много на {0} заявки.", "Se responden como máximo {0} solicitudes.", "Au plus {0} requêtes reçoivent une réponse."],
        ["rate"] = ["At most {0} requests a minute are answered.", "Отговаря се най-много на {0} заявки в минута.", "Se responden como máximo {0} solicitudes por minuto.", "Au plus {0} requêtes par minute reçoivent une réponse."],
        ["attributes"] = ["Only the attributes {0} are handed out.", "Предоставят се само атрибутите {0}.", "Solo se entregan los atributos {0}.", "Seuls les attributs {0} sont remis."],
        ["withoutAttributes"] = ["The attributes {0} are kept back.", "Атрибутите {0} не се предоставят.", "Los atributos {0} no se entregan.", "Les attributs {0} ne sont pas remis."],
        ["groupSize"] = ["Groups of fewer than {0} are kept back.", "Групи с по-малко от {0} не се предоставят.", "Los grupos de menos de {0} no se entregan.", "Les groupes de moins de {0} ne sont pas remis."],
        ["epsilon"] = ["Noise protects individuals, with a daily budget of ε = {0}.", "Шум защитава отделните лица, с дневен бюджет ε = {0}.", "El ruido protege a las personas, con un presupuesto diario de ε = {0}.", "Un bruit protège les personnes, avec un budget quotidien de ε = {0}."],
        ["attribution"] = ["The source must be named.", "Източникът трябва да се посочва.", "Se debe citar la fuente.", "La source doit être citée."],
        ["delete"] = ["The data must be deleted after {0}.", "Данните трябва да се изтрият след {0}.", "Los datos se deben borrar después de {0}.", "Les données doivent être effacées après {0}."],
        ["noCommerce"] = ["Commercial use is forbidden.", "Търговската употреба е забранена.", "El uso comercial está prohibido.", "L'utilisation commerciale est interdite."],
    };

    /// <summary>The assurance of each sentence.</summary>
    public static Assurance Of(string sentence) => sentence switch
    {
        "purpose" or "notPurpose" or "noCommerce" => Assurance.Declared,
        "delete" => Assurance.Attested,
        _ => Assurance.Enforced,
    };
}
