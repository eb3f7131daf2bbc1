namespace LivingCity.Assessment.Procurement;

/// <summary>What a city needs to buy, in words for a tender.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Introduction">What it is and is not.</param>
/// <param name="Language">Its language.</param>
/// <param name="Facts">Whose needs they are, and from which assessment.</param>
/// <param name="Parts">Its parts.</param>
internal sealed record NeedsDocument(string Title, string Introduction, string Language, IReadOnlyList<NeedsFact> Facts, IReadOnlyList<NeedsPart> Parts);

/// <summary>A fact about the document.</summary>
internal sealed record NeedsFact(string Name, string Value);

/// <summary>A part with its lines.</summary>
internal sealed record NeedsPart(string Title, IReadOnlyList<NeedsLine> Lines);

/// <summary>A line.</summary>
/// <param name="Text">What is asked for.</param>
/// <param name="Origin">What it follows from, for people.</param>
/// <param name="Sources">What it follows from: <c>question:{id}</c>, <c>action:{id}</c>, <c>mim:{id}</c>, or <c>clause:{id}</c> for what belongs to every purchase.</param>
internal sealed record NeedsLine(string Text, string Origin, IReadOnlyList<string> Sources);

/// <summary>Whose needs are written, and from when.</summary>
/// <param name="City">The city's name.</param>
/// <param name="SubmittedAt">When the assessment was submitted.</param>
internal sealed record NeedsOf(string City, DateTimeOffset SubmittedAt);
