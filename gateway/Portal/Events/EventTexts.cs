namespace LivingCity.Gateway.Portal.Events;

/// <summary>Names the texts of the events' pages: <c>EventTexts.resx</c> (English) and <c>EventTexts.bg.resx</c>.</summary>
internal sealed class EventTexts;
