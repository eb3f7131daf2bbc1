namespace LivingCity.Events.Programme;

/// <summary>An assembly or forum. What is not known yet is absent: "to be announced", never invented.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Title">Title.</param>
/// <param name="TimeZone">IANA zone of the venue.</param>
/// <param name="City">Where.</param>
/// <param name="Country">Where.</param>
/// <param name="CoChairs">Who chairs.</param>
/// <param name="Speakers">Who speaks.</param>
/// <param name="Notes">More facts.</param>
/// <param name="Sessions">The sessions in order.</param>
/// <param name="Theme">Motto.</param>
/// <param name="Code">The organiser's code.</param>
/// <param name="Date">The (first) day.</param>
/// <param name="Venue">The venue with its address.</param>
internal sealed record Event(
    string Id, string Title, string TimeZone, string City, string Country,
    IReadOnlyList<string> CoChairs, IReadOnlyList<string> Speakers, IReadOnlyList<string> Notes, IReadOnlyList<Session> Sessions,
    string? Theme = null, string? Code = null, DateOnly? Date = null, string? Venue = null);

/// <summary>A session of an event.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Title">Title.</param>
/// <param name="Topics">The dimensions of digital maturity it speaks to: our classification, which recommendations rest on.</param>
/// <param name="Day">Date, or the day's name while no date is set.</param>
/// <param name="Start">Start, with the offset of the venue on that day.</param>
/// <param name="End">End, with the offset of the venue on that day.</param>
/// <param name="Format">Panel, debate, visit, ...</param>
/// <param name="Room">Room.</param>
/// <param name="Languages">Languages spoken or interpreted (BCP 47).</param>
/// <param name="Host">Who hosts it.</param>
/// <param name="DressCode">What to wear.</param>
/// <param name="Note">More about it.</param>
/// <param name="Capacity">Seats, where limited.</param>
/// <param name="ExclusiveGroup">Of the sessions that share it, a person attends one at most.</param>
/// <param name="OpenToNonMembers">Whether people from outside the network may come.</param>
/// <param name="InOfficialProgramme">Whether it belongs to the official programme.</param>
internal sealed record Session(
    string Id, string Title, IReadOnlyList<string> Topics, string? Day = null, DateTimeOffset? Start = null, DateTimeOffset? End = null,
    string? Format = null, string? Room = null, IReadOnlyList<string>? Languages = null, string? Host = null, string? DressCode = null, string? Note = null,
    int? Capacity = null, string? ExclusiveGroup = null, bool OpenToNonMembers = false, bool InOfficialProgramme = true);
