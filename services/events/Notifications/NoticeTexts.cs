namespace LivingCity.Events.Notifications;

/// <summary>The words of notices, in the four languages that they are written in. {0} is the session, {1} when, {2} where, {3} the event, {4} the reader's link.</summary>
internal static class NoticeTexts
{
    public const string Invitation = "invitation";

    public static readonly IReadOnlyList<string> Languages = ["en", "es", "fr", "bg"];

    private static readonly Dictionary<string, (string Subject, string Body)[]> Kinds = new()
    {
        ["confirmed"] =
        [
            ("Your seat: {0}", "You have a seat in “{0}” ({3}).\n{1}\n{2}"),
            ("Su plaza: {0}", "Tiene plaza en «{0}» ({3}).\n{1}\n{2}"),
            ("Votre place : {0}", "Vous avez une place dans « {0} » ({3}).\n{1}\n{2}"),
            ("Вашето място: {0}", "Имате място в „{0}“ ({3}).\n{1}\n{2}"),
        ],
        ["waiting"] =
        [
            ("In the queue: {0}", "All seats in “{0}” ({3}) are taken. You are in the queue and will be told when a seat is free.\n{1}\n{2}"),
            ("En lista de espera: {0}", "Todas las plazas de «{0}» ({3}) están ocupadas. Está en la lista de espera y le avisaremos cuando haya una plaza libre.\n{1}\n{2}"),
            ("Liste d’attente : {0}", "Toutes les places de « {0} » ({3}) sont prises. Vous êtes sur la liste d’attente et serez prévenu dès qu’une place se libère.\n{1}\n{2}"),
            ("В списъка на чакащите: {0}", "Всички места в „{0}“ ({3}) са заети. Вие сте в списъка на чакащите и ще бъдете уведомени, когато се освободи място.\n{1}\n{2}"),
        ],
        ["promoted"] =
        [
            ("A seat for you: {0}", "A seat has become free and it is yours: “{0}” ({3}).\n{1}\n{2}"),
            ("Una plaza para usted: {0}", "Ha quedado libre una plaza y es suya: «{0}» ({3}).\n{1}\n{2}"),
            ("Une place pour vous : {0}", "Une place s’est libérée et elle est à vous : « {0} » ({3}).\n{1}\n{2}"),
            ("Място за вас: {0}", "Освободи се място и то е ваше: „{0}“ ({3}).\n{1}\n{2}"),
        ],
        ["changed"] =
        [
            ("Changed: {0}", "“{0}” ({3}) has changed. It is now:\n{1}\n{2}"),
            ("Cambio: {0}", "«{0}» ({3}) ha cambiado. Ahora es:\n{1}\n{2}"),
            ("Modification : {0}", "« {0} » ({3}) a été modifié. Désormais :\n{1}\n{2}"),
            ("Промяна: {0}", "„{0}“ ({3}) е променена. Вече е:\n{1}\n{2}"),
        ],
        ["removed"] =
        [
            ("Cancelled: {0}", "“{0}” ({3}) does not take place. Your seat there has ended."),
            ("Cancelado: {0}", "«{0}» ({3}) no se celebra. Su plaza queda anulada."),
            ("Annulé : {0}", "« {0} » ({3}) n’a pas lieu. Votre place est annulée."),
            ("Отменено: {0}", "„{0}“ ({3}) няма да се състои. Мястото ви там отпада."),
        ],
        ["cancelled"] =
        [
            ("Your seat has ended: {0}", "You no longer have a seat in “{0}” ({3}). If that was not your wish, write to the organiser."),
            ("Su plaza ha quedado anulada: {0}", "Ya no tiene plaza en «{0}» ({3}). Si no era su deseo, escriba a la organización."),
            ("Votre place a pris fin : {0}", "Vous n’avez plus de place dans « {0} » ({3}). Si ce n’était pas votre souhait, écrivez à l’organisateur."),
            ("Мястото ви отпадна: {0}", "Вече нямате място в „{0}“ ({3}). Ако не сте го искали, пишете на организатора."),
        ],
        [Invitation] =
        [
            ("You are invited: {3}", "You are invited to “{3}”. With this link you choose your sessions, without an account:\n{4}"),
            ("Le invitamos: {3}", "Le invitamos a «{3}». Con este enlace elige sus sesiones, sin cuenta de usuario:\n{4}"),
            ("Vous êtes invité : {3}", "Vous êtes invité à « {3} ». Ce lien vous permet de choisir vos sessions, sans compte :\n{4}"),
            ("Поканени сте: {3}", "Поканени сте на „{3}“. С тази връзка избирате сесиите си, без профил:\n{4}"),
        ],
        ["reminder"] =
        [
            ("Soon: {0}", "A reminder: “{0}” ({3}).\n{1}\n{2}"),
            ("Próximamente: {0}", "Le recordamos: «{0}» ({3}).\n{1}\n{2}"),
            ("Bientôt : {0}", "Rappel : « {0} » ({3}).\n{1}\n{2}"),
            ("Скоро: {0}", "Напомняме ви: „{0}“ ({3}).\n{1}\n{2}"),
        ],
        ["digest"] =
        [
            ("Your day’s news: {3}", "What is new for you:"),
            ("Novedades del día: {3}", "Novedades para usted:"),
            ("Les nouvelles du jour : {3}", "Ce qui est nouveau pour vous :"),
            ("Новото за деня: {3}", "Новото за вас:"),
        ],
    };

    private static readonly string[] Unknown = ["To be announced", "Por anunciar", "À annoncer", "Предстои да бъде обявено"];

    private static readonly string[] Footer =
    [
        "You get this because you registered. To stop it: {0}", "Recibe este mensaje porque se inscribió. Para no recibirlo más: {0}",
        "Vous recevez ce message car vous vous êtes inscrit. Pour ne plus le recevoir : {0}", "Получавате това, защото сте се записали. За отказ: {0}",
    ];

    private static readonly string[] Guest =
    [
        "Your seat, to look at or to give back: {4}", "Su plaza, para consultarla o devolverla: {4}", "Votre place, à consulter ou à rendre : {4}", "Вашето място – за преглед или отказ: {4}",
    ];

    public static IEnumerable<string> AllKinds => Kinds.Keys;

    public static (string Subject, string Body) Of(string kind, string language) => Kinds[kind][At(language)];

    public static string ToBeAnnounced(string language) => Unknown[At(language)];

    public static string GuestLink(string language) => Guest[At(language)];

    public static string Unsubscribe(string language, string address) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Footer[At(language)], address);

    private static int At(string language) => Languages.ToList().IndexOf(language) is var at && at < 0 ? 0 : at;
}
