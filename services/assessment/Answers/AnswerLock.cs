using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Assessment.Answers;

/// <summary>
/// Any number of people answer at the same time, and none while the answers are looked at as a whole. An advisory lock instead of the row's: hundreds of shared row locks would be written to disk.
/// The next statement of the transaction sees what was committed before the lock was granted.
/// </summary>
internal static class AnswerLock
{
    public static async Task TakeSharedAsync(Work work, Guid assessment, CancellationToken cancellationToken)
    {
        await using var take = work.Command("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", assessment.ToString());
        await take.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task TakeAloneAsync(Work work, Guid assessment, CancellationToken cancellationToken)
    {
        await using var take = work.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", assessment.ToString());
        await take.ExecuteNonQueryAsync(cancellationToken);
    }
}
